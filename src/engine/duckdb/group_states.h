#pragma once

#include <duckdb.hpp>
#include <duckdb/parser/query_node/select_node.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/delta_plan.h"
#include "engine/duckdb/delta_terms.h"

namespace weir::engine {

/// A SELECT with GROUP BY, whose tables are marked as relations, taken for states of its groups.
struct GroupedSelect {
  const duckdb::SelectNode& select;
  const std::string& name;  ///< of the step
  /// What rows are grouped by, over the FROM.
  const duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>>& groups;
  const std::vector<ChangedFrom>& changes;
  /// The columns that a query has.
  std::function<Result<std::vector<Column>>(const std::string&)> describe;
};

/// How its groups are kept as states. nullopt where they cannot be: an aggregate that needs all its
/// values again (of DISTINCT ones, a quantile, one over a type whose sums are not exact), or an
/// expression over a column that is no group.
std::optional<GroupStates> StatesOf(const GroupedSelect& grouped);

}  // namespace weir::engine
