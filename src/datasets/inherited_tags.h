#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/key.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

// What is marked stays marked: a derivative has the tags of all that it is made of, beside its own
// (docs/decisions/inherited-tags.md).

/// Where they are kept.
control::Key InheritedTagsKey(const odf::DatasetId& id);

/// The tags that a dataset has from its inputs, sorted, as of the last time that it was applied or
/// brought up to date; none for a root.
Result<std::vector<std::string>> FindInheritedTags(control::Snapshot& snapshot,
                                                   const odf::DatasetId& id);

/// Keeps of a derivative the tags of its inputs as they are now: of each those that its manifest
/// gives it, and those that it inherits. The inputs are those of the transform in force; one that
/// has no name here gives what it inherits. Nothing is written where it is known.
Status InheritTags(control::Transaction& transaction, const odf::DatasetId& id);

/// The same in a transaction of its own, if there is something to write.
Status InheritTags(const Context& context, control::Store& store, const odf::DatasetId& id);

}  // namespace weir::datasets
