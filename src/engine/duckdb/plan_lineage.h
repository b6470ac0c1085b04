#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/logical_operator.hpp>
#include <string>
#include <vector>

#include "engine/query_lineage.h"

namespace weir::engine {

/// Where the columns of `plan` come from, by the tables it scans; `names` are those of its columns.
/// The plan is bound and not optimized. What this does not know counts as mixing everything below
/// it. Throws DuckDB's errors.
QueryLineage LineageOfPlan(duckdb::LogicalOperator& plan, const std::vector<std::string>& names);

}  // namespace weir::engine
