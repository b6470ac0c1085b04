#pragma once

#include <duckdb.hpp>
#include <string>

#include "engine/scan_source.h"

namespace weir::engine {

/// The table function a resolved name scans with: weir_scan('<handle>').
inline constexpr const char* kScanFunction = "weir_scan";

/// What stands after FROM to read `source`, which the statement knows as `handle`.
std::string ScanCall(const ScanSource& source, const std::string& handle);

/// Registers weir_scan in `database`: DuckDB's Parquet reader over the files of a ScanSource. Names
/// and types come from the source, so that planning opens no file; files whose bounds contradict
/// the filters are dropped before they are opened.
void RegisterSliceScan(duckdb::DatabaseInstance& database, duckdb::Connection& connection);

}  // namespace weir::engine
