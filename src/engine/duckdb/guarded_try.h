#pragma once

#include <duckdb.hpp>

namespace weir::engine {

/// Puts a function that gives its argument between every TRY and what it tries, before a plan is
/// optimized. DuckDB 1.5.5, after an error, evaluates what a TRY tries row by row into a vector of
/// one row; CASE and coalesce there write at the row's place in its batch, past that vector's end,
/// into memory that is someone else's. An argument of a function is given room for a whole batch.
void RegisterGuardedTry(duckdb::DBConfig& config);

}  // namespace weir::engine
