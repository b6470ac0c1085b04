#include "engine/checked_pattern.h"

#include <duckdb.hpp>

#include "engine/duckdb/errors.h"

namespace weir::engine {

Status CheckPattern(const std::string& pattern) {
  return WithoutExceptions([&]() -> Status {
    duckdb::DBConfig config;
    config.SetOptionByName("threads", duckdb::Value::UBIGINT(1));
    duckdb::DuckDB database(nullptr, &config);
    duckdb::Connection connection(database);
    // A constant pattern is compiled when the statement is bound.
    const auto result =
        connection.Query("SELECT regexp_full_match('', $1)", duckdb::Value(pattern));
    if (result->HasError()) {
      return Invalid("{} is no regular expression: {}", pattern,
                     FromDuckDb(result->GetErrorObject()).message);
    }
    return Ok();
  });
}

}  // namespace weir::engine
