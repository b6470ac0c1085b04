#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/reset.h"
#include "pipelines/compact/merged_runs.h"

namespace weir::pipelines {

struct CompactRequest {
  odf::DatasetId dataset = {};
  CompactLimits limits = {};
  /// Derivatives that have read what is written anew start over; without it they keep the dataset
  /// from being compacted.
  bool resets_readers = false;
  bool is_dry_run = false;
};

/// What a compaction did, or would do.
struct CompactReport {
  Multihash old_head = {};
  Multihash new_head = {};
  std::uint64_t old_blocks = 0;
  std::uint64_t new_blocks = 0;
  std::uint64_t old_slices = 0;
  std::uint64_t new_slices = 0;
  std::vector<odf::DatasetId> reset = {};  ///< derivatives that started over
};

/// Writes the history of a root anew with fewer blocks and slices (spec section 10.4). The rows,
/// their offsets and times stay, and with them the state, the last watermark and the states of
/// sources; hashes are others from the first merged block on, so whoever has read it or has a copy
/// sees a history that went another way.
///
/// Thread-safe. Made in server/wiring.cc; what it is given outlives it.
class Compactor {
 public:
  Compactor(datasets::ChainStore& chains, Files& files, const Clock& clock,
            std::filesystem::path scratch)
      : chains_(chains), files_(files), clock_(clock), scratch_(std::move(scratch)) {}

  /// `on_progress` is told of the slices merged so far. Nothing to merge: the head stays.
  ///
  /// kInvalid for a derivative, which is reset instead; kConflict when derivatives have read it
  /// (they are named) or others keep committing; kCorrupt names a slice that is damaged. The old
  /// history is then still there.
  Result<CompactReport> Run(const Context& context, const CompactRequest& request,
                            const std::function<void(std::uint64_t)>& on_progress);

 private:
  datasets::ChainStore& chains_;
  Files& files_;
  const Clock& clock_;
  const std::filesystem::path scratch_;
};

}  // namespace weir::pipelines
