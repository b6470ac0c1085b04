#pragma once

#include <memory>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "engine/scan_source.h"

namespace weir::catalog {

/// The chain of a dataset up to block `last` as a relation, made from the index: sequence, hash,
/// system_time, event, size, watermark, and of blocks that add rows first_offset, last_offset,
/// records and data_size.
///
/// It is made of pages of some thousand blocks, each of which is read when a query comes to it; a
/// filter on the sequence number leaves out the others. `chains` outlives it.
std::shared_ptr<const engine::ScanSource> BlockTable(const Context& context,
                                                     datasets::ChainStore& chains,
                                                     const odf::DatasetId& id, std::uint64_t last);

}  // namespace weir::catalog
