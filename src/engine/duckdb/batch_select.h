#pragma once

#include <duckdb.hpp>
#include <span>
#include <string>

namespace weir::engine {

/// The parse tree of one step of a transform by batches (engine/batch_plan.h), made fit to run: it
/// reads `tables` only, looks at each row by itself, and gives what DataFusion gives for it where
/// the types do not decide (batch_types.h): whole numbers are BIGINT and others DOUBLE, times are
/// those of UTC, `/` of whole numbers is whole. Throws DuckDB's errors.
///
/// `columns` are the names that columns of `tables` have, whose case is DataFusion's own: where a
/// name is there in another case only, it is refused.
duckdb::unique_ptr<duckdb::SelectStatement> ParseBatch(const std::string& sql,
                                                       std::span<const std::string> tables,
                                                       std::span<const std::string> columns);

}  // namespace weir::engine
