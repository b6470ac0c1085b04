#pragma once

#include <duckdb.hpp>
#include <string>

namespace weir::engine {

/// The column of the table `STEP touched` for key `number` of its groups.
std::string TouchedKeyName(std::size_t number);

/// `from`, whose relations are at a version, without the rows of groups that are not in the table
/// `STEP touched`. `groups`: what rows are grouped by.
duckdb::unique_ptr<duckdb::TableRef> OnlyTouched(
    duckdb::unique_ptr<duckdb::TableRef> from,
    const duckdb::vector<duckdb::unique_ptr<duckdb::ParsedExpression>>& groups,
    const std::string& step);

}  // namespace weir::engine
