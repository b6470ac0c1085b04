#pragma once

#include <duckdb.hpp>
#include <span>
#include <string>

namespace weir::engine {

/// The parse tree of one step of a transform, made fit to run: it reads `tables` only, calls what
/// transforms may call (engine/transform_rules.h), each function under the name it runs as, and its
/// rows do not depend on the order of others. Throws DuckDB's errors.
duckdb::unique_ptr<duckdb::SelectStatement> ParseTransform(const std::string& sql,
                                                           std::span<const std::string> tables);

/// Whether `expression`, of such a tree, is a call of an aggregate.
bool IsAggregate(const duckdb::ParsedExpression& expression);

}  // namespace weir::engine
