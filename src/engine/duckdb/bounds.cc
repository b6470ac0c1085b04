#include "engine/duckdb/bounds.h"

#include <duckdb/storage/statistics/numeric_stats.hpp>
#include <duckdb/storage/statistics/string_stats.hpp>

namespace weir::engine {
namespace {

using duckdb::LogicalTypeId;
using duckdb::Value;

Value FromMicroseconds(std::int64_t micros, const duckdb::LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::DATE:
      return Value::DATE(duckdb::date_t(static_cast<std::int32_t>(micros)));  // days
    case LogicalTypeId::TIME:
      return Value::TIME(duckdb::dtime_t(micros));
    case LogicalTypeId::TIMESTAMP:
      return Value::TIMESTAMP(duckdb::timestamp_t(micros));
    case LogicalTypeId::TIMESTAMP_TZ:
      return Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(micros));
    default:
      return Value::BIGINT(micros).DefaultCastAs(type);
  }
}

// The bound as a value of the column's type; a null value when it is of another sort.
Value ValueOf(const Bound& bound, const duckdb::LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
      if (const auto* flag = std::get_if<bool>(&bound)) return Value::BOOLEAN(*flag);
      break;
    case LogicalTypeId::FLOAT:
      if (const auto* number = std::get_if<double>(&bound)) {
        return Value::FLOAT(static_cast<float>(*number));
      }
      break;
    case LogicalTypeId::DOUBLE:
      if (const auto* number = std::get_if<double>(&bound)) return Value::DOUBLE(*number);
      break;
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIME:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
      if (const auto* number = std::get_if<std::int64_t>(&bound)) {
        return FromMicroseconds(*number, type);
      }
      break;
    default:
      break;
  }
  return Value();
}

}  // namespace

std::optional<duckdb::BaseStatistics> StatisticsOf(const ColumnBounds& bounds,
                                                   const duckdb::LogicalType& type) {
  if (type.id() == LogicalTypeId::VARCHAR) {
    const auto* min = std::get_if<std::string>(&bounds.min);
    const auto* max = std::get_if<std::string>(&bounds.max);
    if (min == nullptr || max == nullptr) return std::nullopt;
    auto statistics = duckdb::StringStats::CreateEmpty(type);
    duckdb::StringStats::Update(statistics, duckdb::string_t(*min));
    duckdb::StringStats::Update(statistics, duckdb::string_t(*max));
    statistics.Set(duckdb::StatsInfo::CAN_HAVE_NULL_AND_VALID_VALUES);
    return statistics;
  }
  const Value min = ValueOf(bounds.min, type);
  const Value max = ValueOf(bounds.max, type);
  if (min.IsNull() || max.IsNull()) return std::nullopt;
  auto statistics = duckdb::NumericStats::CreateUnknown(type);
  duckdb::NumericStats::SetMin(statistics, min);
  duckdb::NumericStats::SetMax(statistics, max);
  return statistics;
}

}  // namespace weir::engine
