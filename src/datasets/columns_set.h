#pragma once

#include <cstdint>
#include <optional>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// The number of the newest block, of those up to number `last`, that says anew what the steps of a
/// derivative give: a SetTransform or a SetDataSchema. nullopt: there is none.
Result<std::optional<std::uint64_t>> LastColumnsSet(control::Snapshot& snapshot,
                                                    const odf::DatasetId& id, std::uint64_t last);

}  // namespace weir::datasets
