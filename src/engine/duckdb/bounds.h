#pragma once

#include <duckdb.hpp>
#include <duckdb/storage/statistics/base_statistics.hpp>
#include <optional>

#include "engine/scan_source.h"

namespace weir::engine {

/// What DuckDB's filters can be checked against, for a column of `type` with `bounds`; nothing when
/// the bounds say nothing about such a column.
std::optional<duckdb::BaseStatistics> StatisticsOf(const ColumnBounds& bounds,
                                                   const duckdb::LogicalType& type);

}  // namespace weir::engine
