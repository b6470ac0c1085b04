#include "pipelines/http_time.h"

#include <fmt/format.h>

#include <array>
#include <chrono>

namespace weir::pipelines {
namespace {

constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

}  // namespace

std::optional<Timestamp> ParseHttpTime(std::string_view text) {
  // 0         1         2
  // Sat, 21 Nov 2026 10:00:00 GMT
  if (text.size() != 29 || !text.ends_with(" GMT") || text[4] != ' ') return std::nullopt;
  for (unsigned month = 0; month < kMonths.size(); ++month) {
    if (text.substr(8, 3) != kMonths[month]) continue;
    const std::string rfc3339 = fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month + 1,
                                            text.substr(5, 2), text.substr(17, 8));
    const auto time = ParseTimestamp(rfc3339);
    return time ? std::optional(*time) : std::nullopt;
  }
  return std::nullopt;
}

std::string FormatHttpTime(Timestamp time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::weekday weekday(day);
  const std::string rfc3339 = FormatTimestamp(std::chrono::floor<std::chrono::seconds>(time));
  return fmt::format("{}, {:02} {} {:04} {} GMT", kDays[weekday.c_encoding()],
                     static_cast<unsigned>(date.day()),
                     kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), rfc3339.substr(11, 8));
}

}  // namespace weir::pipelines
