#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"

namespace weir::pipelines {

/// The queries of those of `terms` that read a table in `full`, the tables that have rows.
std::vector<std::string> TextsOf(const std::vector<engine::DeltaTerm>& terms,
                                 const std::set<std::string>& full);

/// Makes the table of the groups of `step` in which a row changed: its version `touched`.
Status MakeTouched(const Context& context, engine::Workbench& bench, const engine::DeltaStep& step,
                   const std::set<std::string>& full);

}  // namespace weir::pipelines
