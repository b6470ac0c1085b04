#pragma once

#include <cstddef>
#include <vector>

#include "control/store.h"
#include "resources/declared.h"
#include "resources/plan.h"
#include "resources/problem.h"

namespace weir::resources {

struct PlannedOrder {
  std::vector<std::size_t> order = {};  ///< positions in what is declared
  std::vector<Plan::Read> reads = {};   ///< what was found to be there
};

/// The order in which declared resources can be made. Looks up what they need and do not bring:
/// something that is nowhere, and a cycle (also one that leads through stored resources), are
/// problems.
Result<PlannedOrder> OrderDeclared(control::Snapshot& snapshot,
                                   const std::vector<Declared>& declared, Problems& problems);

}  // namespace weir::resources
