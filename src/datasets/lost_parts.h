#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"

namespace weir::datasets {

/// A slice that is not there, or is not what its block says.
struct LostSlice {
  std::uint64_t sequence_number = 0;  ///< of its block
  odf::DataSlice slice = {};
};

/// Looks at every slice of the dataset, size and physical hash, pending ones among them, and
/// returns those that are lost or damaged in the order of their blocks. `on_slice` is called after
/// each. Stores that do not answer are an error, and no loss.
Result<std::vector<LostSlice>> FindLostSlices(
    const Context& context, ChainStore& chains, const odf::DatasetId& id,
    const std::function<void(const odf::DataSlice&)>& on_slice);

/// Puts those blocks back into the dataset's repository that are lost or damaged there, from what
/// the home keeps of them (ChainStore::KeptBlock), and returns how many. kCorrupt names the first
/// that is lost and not kept. refs/head stays as it is: it comes last (ChainStore::PublishHead).
Result<std::uint64_t> RestoreBlocks(const Context& context, ChainStore& chains,
                                    const odf::DatasetId& id);

}  // namespace weir::datasets
