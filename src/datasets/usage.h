#pragma once

#include <cstdint>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"

namespace weir::datasets {

/// What a dataset takes up, in bytes. Pending blocks and slices count as they will be published;
/// what no block leads to any more is gc's, and not counted.
struct Usage {
  std::uint64_t slices = 0;
  std::uint64_t slice_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t block_bytes = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t checkpoint_bytes = 0;
  // In the cache: these can be made again.
  std::uint64_t state_bytes = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t working_bytes = 0;

  std::uint64_t total() const {
    return slice_bytes + block_bytes + checkpoint_bytes + state_bytes + packed_bytes +
           working_bytes;
  }
};

/// Goes through the index of blocks and lists the checkpoints; opens no slice. `working` is the
/// part of the cache that has the working state of derivatives. kNotFound when there is no such
/// dataset.
Result<Usage> UsageOf(const Context& context, ChainStore& chains, const StateStore& states,
                      const odf::DatasetId& id, const CachePart* working = nullptr);

}  // namespace weir::datasets
