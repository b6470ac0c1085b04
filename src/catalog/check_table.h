#pragma once

#include <memory>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "engine/scan_source.h"

namespace weir::catalog {

/// What came of the checks of all datasets, a row for each check of each commit: `workspace`,
/// `dataset`, `check_name`, `kind`, `block` (null: nothing was committed), `time`, `status`,
/// `failing_rows` (null where it is not rows that fail) and `message`.
Result<std::shared_ptr<const engine::ScanSource>> CheckTable(const Context& context,
                                                             control::Store& store);

/// Its columns.
std::vector<engine::Column> CheckColumns();

}  // namespace weir::catalog
