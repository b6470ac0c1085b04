#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "engine/engine.h"
#include "odf/dataset_id.h"
#include "pipelines/bench_pool.h"
#include "pipelines/dataset_turns.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {

struct RevertOptions {
  engine::EngineOptions engine = {};   ///< of each bench
  std::size_t benches = 1;             ///< reverts worked on at one time; others wait
  std::filesystem::path scratch = {};  ///< where large slices lie while they are made
  /// As of IngestOptions: answers the names of datasets to checks.
  std::function<std::unique_ptr<engine::NameResolver>(const Context&)> tables = {};
};

/// Which blocks are undone.
enum class Undo {
  kAllAfter,  ///< the state becomes what it was at the block
  kOnly,      ///< the block alone, and what came after it stays
};

struct RevertRequest {
  odf::DatasetId dataset = {};
  std::uint64_t block = 0;  ///< its sequence number
  Undo undo = Undo::kAllAfter;
  bool is_dry_run = false;  ///< counts, and commits nothing
};

/// What a revert wrote, or would write.
struct RevertReport {
  IngestReport block = {};
  std::uint64_t appended = 0;
  std::uint64_t retracted = 0;
  std::uint64_t corrected = 0;  ///< pairs of the row as it was and as it is now
};

/// Takes back what was loaded into root datasets, by a block of retractions, corrections and
/// appends on top of the chain: history stays as it is. The watermark and the states of sources
/// stay too, so what was read from a source is not read again (docs/decisions/revert.md).
///
/// Thread-safe. Made in server/wiring.cc; what it is given outlives it.
class Reverter {
 public:
  Reverter(datasets::ChainStore& chains, Files& files, const Clock& clock, RevertOptions options)
      : chains_(chains),
        files_(files),
        clock_(clock),
        options_(std::move(options)),
        benches_(options_.engine, options_.benches) {}

  /// kNotFound: no such dataset or block; kInvalid: it is a derivative, or the block added no rows,
  /// or rows had another key at it; kConflict: a later block builds on what is to be undone (the
  /// message names the key or row and the block), or another process was faster time and again.
  /// kInvalid also when a check of its contract does not let the rows back: those of a load (how
  /// many rows came, how new they are) are not asked, and what would go to quarantine refuses.
  Result<RevertReport> Run(const Context& context, const RevertRequest& request);

 private:
  datasets::ChainStore& chains_;
  Files& files_;
  const Clock& clock_;
  const RevertOptions options_;
  BenchPool benches_;
  DatasetTurns turns_;
};

}  // namespace weir::pipelines
