#pragma once

#include <duckdb.hpp>

namespace weir::engine {

/// Adds what is done with kept states of groups (engine/kept_groups.h):
///   group_state(name, key)            the state of a group that was kept under `name`, or NULL
///   decode_sort_key(bytes, 'a INTEGER', 'ASC NULLS FIRST', ...)   what create_sort_key made
///   add_kept_sums(a, b), add_kept_squares(a, b)   of what keep_sum and keep_squares made
///   kept_sum(a), kept_avg(a), kept_var_samp(a) and so on   the results that exact_sum and so on
///                                     would give
///   kept_whole_avg(sum, count)        that of exact_avg over whole numbers
/// Bytes of another form are an error. NULL gives NULL.
void RegisterKeptFunctions(duckdb::Connection& connection);

}  // namespace weir::engine
