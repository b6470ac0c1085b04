#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "odf/events.h"

namespace weir::pipelines {

/// How large a merged slice may become.
struct CompactLimits {
  std::uint64_t bytes = 300'000'000;  ///< of its parts together
  std::uint64_t records = 10'000;
};

/// Blocks of the old chain that become one of the new one.
struct BlockRun {
  std::uint64_t first = 0;  ///< sequence number of the first
  std::uint64_t count = 1;
  odf::MetadataEvent event = {};  ///< without the merged slice, where there is one
  Timestamp system_time = {};     ///< of the last
  std::vector<odf::DataSlice> slices = {};

  bool is_merged() const { return count > 1; }
};

/// Blocks from number `first` on as they are, or, with limits, neighbouring AddData in runs within
/// them: a run has the watermark, checkpoint and source state that were the last in it. A source
/// state is never lost to one of another source.
Result<std::vector<BlockRun>> RunsOf(const Context& context, datasets::ChainStore& chains,
                                     const odf::DatasetId& id, std::uint64_t first,
                                     const std::optional<CompactLimits>& limits);

}  // namespace weir::pipelines
