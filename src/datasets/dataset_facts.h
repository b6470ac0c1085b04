#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"
#include "resources/resource.h"

namespace weir::datasets {

/// Adds what is true of the chain now to a status: `head`, `blocks`, `records`, `bytes`, `slices`,
/// `lastOffset`, `watermark`, `updatedAt`, of a pulled one `origin` and `trusted`, and of one with
/// checks what came of them (check_facts.h), of a derivative `inheritedTags` where there are any;
/// and where the dataset takes no more blocks, or could not be brought up to date, an error and the
/// condition that says why.
Status AddDatasetFacts(control::Snapshot& snapshot, const odf::DatasetId& id, Timestamp now,
                       resources::ResourceStatus& status);

}  // namespace weir::datasets
