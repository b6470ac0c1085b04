#pragma once

#include <optional>
#include <string>

namespace weir::pipelines {

/// A time that a cell counts in days.
struct XlsxMoment {
  std::string text = {};  ///< 2024-01-31, or 2024-01-31 12:30:00.250
  bool is_date = false;   ///< it is midnight

  bool operator==(const XlsxMoment&) const = default;
};

/// Day `serial` counted from 1900 (where the program knows a 29th of February, day 60, that was
/// not) or 1904, to the millisecond. nullopt for that day, and for years beyond 9999.
std::optional<XlsxMoment> XlsxTime(double serial, bool counts_from_1904);

/// 12:30:00 of 0.520833, which is below 1.
std::string XlsxTimeOfDay(double part);

}  // namespace weir::pipelines
