#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "contracts/row_rule.h"
#include "pipelines/contracts/ask_checks.h"

namespace weir::pipelines {

/// What checks are asked of.
struct StateViews {
  /// Columns of `this` and `new_rows`.
  std::vector<contracts::ColumnAtHand> columns = {};
  /// The query of the rows that come: the number as "weir number", then the columns.
  std::string added = {};
  /// The query of the rows that were there and stay; empty: there are none.
  std::string kept = {};
};

/// Makes `this`, the state after the commit, and `new_rows`, what the commit adds to it.
Result<StateViews> MakeStateViews(const Context& context, const AskRequest& request);

}  // namespace weir::pipelines
