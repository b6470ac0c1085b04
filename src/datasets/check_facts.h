#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "control/store.h"
#include "odf/chain.h"
#include "odf/dataset_id.h"
#include "resources/resource.h"

namespace weir::datasets {

/// Adds what came of the checks of a dataset to its status: `checks`, a record for each with
/// `check`, `onFail`, `status` (passed, warned, quarantined, refused, stale, or notAsked before the
/// first batch), `failingRows`, `time` and `message`; and the condition `ChecksPass`. Freshness is
/// as of `now`; everything else as of the newest batch.
Status AddCheckFacts(control::Snapshot& snapshot, const odf::DatasetId& id,
                     const odf::ChainState& chain, Timestamp now,
                     resources::ResourceStatus& status);

}  // namespace weir::datasets
