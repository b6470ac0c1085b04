#pragma once

#include <duckdb.hpp>
#include <duckdb/planner/logical_operator.hpp>

namespace weir::engine {

/// Refuses what of a step of a transform by batches has another value in DataFusion because of the
/// types that it has here: casts that round or write in another way, arithmetic of decimals, dates
/// and times. The plan is bound and not optimized. Throws PermissionException.
void CheckBatchTypes(duckdb::LogicalOperator& plan);

}  // namespace weir::engine
