#pragma once

#include <duckdb.hpp>

namespace weir::engine {

/// Adds exact_sum, exact_avg, exact_var_samp, exact_var_pop, exact_stddev_samp and
/// exact_stddev_pop, which over floating point give the same bits whatever the order of the rows
/// and the number of threads: they are computed exactly and rounded once (a standard deviation once
/// more, for its root). Squares of more than 1e154 or less than 1e-146 are as doubles have them.
/// exact_avg over whole numbers is rounded once too. exact_sum and exact_avg of all other types are
/// the engine's own, which are exact.
///
/// keep_sum and keep_squares give what is kept of a group of doubles, as bytes for
/// kept_functions.h; a second argument below 0 says that the value is taken away.
void RegisterExactAggregates(duckdb::Connection& connection);

}  // namespace weir::engine
