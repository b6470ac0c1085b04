#pragma once

#include <duckdb.hpp>
#include <duckdb/function/replacement_scan.hpp>

namespace weir::engine {

/// The schema whose name is also that of a database that DuckDB always has.
inline constexpr const char* kSystemSchema = "system";

/// For `system.checks` DuckDB looks into its own database `system`, and finds nothing there; then
/// it asks this, which answers with the table of the resolver's schema of that name. Null for all
/// other names.
duckdb::unique_ptr<duckdb::TableRef> FindInSystemSchema(
    duckdb::ClientContext& context, duckdb::ReplacementScanInput& input,
    duckdb::optional_ptr<duckdb::ReplacementScanData> data);

}  // namespace weir::engine
