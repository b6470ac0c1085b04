#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"

namespace weir::datasets {

/// What was collected, or would be.
struct Collected {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;
  std::uint64_t repositories = 0;         ///< gone as a whole
  std::uint64_t young = 0;                ///< objects without a block, within the grace time
  std::vector<std::string> skipped = {};  ///< why datasets were left alone, a sentence each
};

struct GcOptions {
  bool dry_run = false;
  /// How long an object without a block, or the chain of a deleted dataset, is kept.
  std::chrono::nanoseconds grace = std::chrono::hours(24);
  std::function<void(const Collected&)> on_progress = {};
};

/// Removes what nothing leads to: objects of repositories that no block names, repositories that
/// are no dataset of the home, and datasets that were deleted, each once it is older than the grace
/// time. A dataset that somebody works on (pins.h) is left alone, and one that cannot be read too.
///
/// `clock` tells the time of the home; how old an object is, is told by the machine.
Result<Collected> CollectGarbage(const Context& context, ChainStore& chains, const Clock& clock,
                                 const GcOptions& options = {});

}  // namespace weir::datasets
