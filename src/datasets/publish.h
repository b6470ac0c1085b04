#pragma once

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/repository.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// Brings what is committed and pending into the dataset's repository: slices, blocks, then
/// refs/head, and only then it is no longer pending. Whatever fails, and wherever the process ends,
/// it can be done again. For one dataset one at a time, or refs/head may go back for a while.
Status Publish(const Context& context, control::Store& store, const Repository& repository,
               const odf::DatasetId& id);

}  // namespace weir::datasets
