#pragma once

#include <cstdint>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/copy_objects.h"
#include "datasets/repository.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// An object that a block leads to, or the block itself.
struct Reference {
  ObjectToCopy object = {};
  std::uint64_t sequence_number = 0;  ///< of the block
};

/// Whether it is also said which checkpoints there are, for which every data block is read.
enum class Checkpoints { kLeftOut, kIncluded };

/// All objects that the blocks of a dataset lead to as `snapshot` sees it, blocks among them and
/// those that are pending. `repository` is where blocks are read that are not pending.
Result<std::vector<Reference>> ReferencedObjects(const Context& context,
                                                 control::Snapshot& snapshot,
                                                 const Repository& repository,
                                                 const odf::DatasetId& id, Checkpoints checkpoints);

/// Whether the repository holds checkpoints; ours are made by other tools alone.
Result<Checkpoints> CheckpointsIn(const Context& context, const Repository& repository);

}  // namespace weir::datasets
