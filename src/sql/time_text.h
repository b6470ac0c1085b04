#pragma once

#include <cstdint>
#include <string>

namespace weir::sql {

// Civil times as ISO 8601 texts, for all values that columns can hold (also beyond the years of
// base's Timestamp). The ends of the engine's ranges are "infinity" and "-infinity".

void AppendDate(std::string& out, std::int64_t days);

/// `value` in units of 1/`per_second` s since 1970 or midnight; as many fraction digits as needed.
void AppendTimestamp(std::string& out, std::int64_t value, std::int64_t per_second, bool is_utc);
void AppendTimeOfDay(std::string& out, std::int64_t value, std::int64_t per_second);

/// "P1Y2M3DT4.5S"; "PT0S" for nothing.
void AppendInterval(std::string& out, std::int32_t months, std::int32_t days,
                    std::int64_t nanoseconds);

}  // namespace weir::sql
