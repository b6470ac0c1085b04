#pragma once

#include <duckdb.hpp>

namespace weir::engine {

/// Adds `batch_divide(a, b)` and `batch_modulo(a, b)`, which are `/` and `%` as DataFusion has
/// them: of whole numbers the result is whole, cut towards zero, and 0 as `b` an error. They are
/// not there for decimals, whose results have other digits there.
///
/// And `batch_types('SELECT ...')`, which is true where CheckBatchTypes has nothing against the
/// plan of that query, and else does not bind.
void RegisterBatchFunctions(duckdb::Connection& connection);

}  // namespace weir::engine
