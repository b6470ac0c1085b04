#pragma once

#include <set>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"

namespace weir::datasets {

/// The names ("data/f1620…") of all objects that the blocks of a dataset lead to, blocks among
/// them. `with_checkpoints`: also those of its checkpoints, for which every data block is read.
Result<std::set<std::string>> ReferencedObjects(const Context& context, ChainStore& chains,
                                                const odf::DatasetId& id, bool with_checkpoints);

}  // namespace weir::datasets
