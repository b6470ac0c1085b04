#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/lost_parts.h"
#include "datasets/state_store.h"
#include "engine/engine.h"
#include "pipelines/bench_pool.h"
#include "pipelines/dataset_turns.h"
#include "pipelines/derive/working_files.h"
#include "pipelines/derive/working_states.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {

struct DeriveOptions {
  engine::EngineOptions engine = {};   ///< of each bench
  std::size_t benches = 2;             ///< derivatives updated at one time; others wait
  std::filesystem::path scratch = {};  ///< where large slices lie while they are made
  /// Where what is kept of groups is left to the next process; empty: nowhere.
  std::filesystem::path working = {};
  /// Of memory, for what is kept of groups between updates, of all derivatives together.
  std::size_t working_bytes = std::size_t{1} << 30;
  /// Computes everything again each time, and compares with the rows that are there. The slices are
  /// the same; tests and verification use this.
  bool recomputes = false;
  /// As of IngestOptions: answers the names of datasets to checks. Empty: checks that look at more
  /// than the rows that come are not answered.
  std::function<std::unique_ptr<engine::NameResolver>(const Context&)> tables = {};
};

/// The blocks at which inputs are read; an input that is not in it is read at its head.
using Cut = std::map<odf::DatasetId, Multihash>;

/// How a derivative follows its inputs, for people.
struct DerivePlan {
  bool is_by_batch = false;  ///< it looks at what comes, once and alone; the rest says nothing
  bool is_incremental = true;
  std::vector<std::string> recomputed = {};  ///< why parts of it are computed again, each time
  std::vector<std::string> keys = {};
};

struct TransformAtWork;

/// Steps of a derivative that were computed again.
struct Replayed {
  std::uint64_t steps = 0;
  std::uint64_t records = 0;  ///< of their slices
};

/// Keeps derivatives up to date (design: "Derivatives"). A derivative is a function of the heads of
/// its inputs: its new slice is what its query gives now less what it gave at the last heads. What
/// of the query can be followed from the changes of the inputs is; the rest is computed again and
/// compared. Either way the slice is the same. Where its engine is `datafusion`, the slice is what
/// its query gives for the events that came (batch_step.h).
///
/// Thread-safe. Made in server/wiring.cc; what it is given outlives it.
class Deriver {
 public:
  Deriver(datasets::ChainStore& chains, datasets::StateStore& states, Files& files,
          const Clock& clock, DeriveOptions options)
      : chains_(chains),
        states_(states),
        files_(files),
        clock_(clock),
        options_(std::move(options)),
        benches_(options_.engine, options_.benches),
        beside_(options_.engine, 1),
        working_files_(files_, options_.working),
        working_(working_files_, options_.working_bytes) {}

  /// Brings `dataset` to the heads of its inputs, or to `cut`, and to their tags of now; no block
  /// comes when no input has anything new. Inputs without data yet count as up to date.
  ///
  /// kInvalid: it is no derivative, or its query does not bind; kDenied what a transform may not
  /// do; kConflict when an input was reset so that what was consumed is no longer on it, or when
  /// another process was faster time and again; kUnimplemented for engines other than `duckdb` and
  /// `datafusion`. kInvalid also when a check of its contract refuses the rows; that is noted, and
  /// the dataset stays as it is.
  Result<IngestReport> Update(const Context& context, const odf::DatasetId& dataset,
                              const Cut& cut = {});

  /// kInvalid and kDenied as Update. Inputs without data yet: nothing is known of their columns,
  /// and nullopt the answer.
  Result<std::optional<DerivePlan>> Explain(const Context& context, const odf::DatasetId& dataset);

  /// Computes every step again, with the transform that was in force and the inputs that its block
  /// names, and compares (spec section 10.3). kCorrupt names the first block that says something
  /// else, with row and column or both watermarks. What was computed before a reset is not on the
  /// chain and is not looked at.
  Result<Replayed> Replay(const Context& context, const odf::DatasetId& dataset,
                          const std::function<void(const Replayed&)>& on_step = {});

  /// Computes the steps of `lost` again, which are slices of the derivative in the order of their
  /// blocks, and puts their files back. Its inputs are whole. `on_slice` is called after each.
  ///
  /// kCorrupt names a block whose inputs give other rows than it had, kConflict one whose rows are
  /// the same but whose file would not have the hash that the block names (spec section 10.3
  /// compares rows; a chain never leads to a file of another hash). What was put back before stays.
  Status Rebuild(const Context& context, const odf::DatasetId& dataset,
                 const std::vector<datasets::LostSlice>& lost,
                 const std::function<void(const odf::DataSlice&)>& on_slice);

 private:
  struct Place;
  class Step;

  Place PlaceOn(engine::Workbench& bench, engine::NameResolver* tables);
  Result<IngestReport> TryUpdate(const Context& context, const TransformAtWork& work);

  datasets::ChainStore& chains_;
  datasets::StateStore& states_;
  Files& files_;
  const Clock& clock_;
  const DeriveOptions options_;
  BenchPool benches_;
  BenchPool beside_;  ///< of explanations and checks, which leave the others as they are
  DatasetTurns turns_;
  WorkingFiles working_files_;
  WorkingStates working_;
};

}  // namespace weir::pipelines
