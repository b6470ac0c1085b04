#pragma once

#include <duckdb.hpp>
#include <exception>

#include "base/result.h"

namespace weir::engine {

/// DuckDB's error as ours.
Error FromDuckDb(const duckdb::ErrorData& error);

/// The same for an error of somebody's statement: it ends with the place where the statement is
/// wrong, where that is known, as (line 2, column 5).
Error OfStatement(const duckdb::ErrorData& error);

/// Runs `body`, which returns a Result or Status; whatever it throws becomes an Error.
template <typename Body>
auto WithoutExceptions(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::exception& thrown) {
    return FromDuckDb(duckdb::ErrorData(thrown));
  } catch (...) {
    return Internal("the engine threw something that is no exception");
  }
}

/// Throws our error as DuckDB's, for calls that come from inside it; its hint travels along.
[[noreturn]] void ThrowIntoDuckDb(const Error& error);

}  // namespace weir::engine
