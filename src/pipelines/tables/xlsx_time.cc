#include "pipelines/tables/xlsx_time.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdint>

namespace weir::pipelines {
namespace {

constexpr std::int64_t kDayMillis = 86'400'000;
constexpr double kMostDays = 2'958'466;  // the first day of the year 10000

std::string Clock(std::int64_t millis) {
  const std::int64_t seconds = millis / 1000;
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (millis % 1000 != 0) text += fmt::format(".{:03}", millis % 1000);
  return text;
}

}  // namespace

std::optional<XlsxMoment> XlsxTime(double serial, bool counts_from_1904) {
  using namespace std::chrono;  // NOLINT: one function
  if (!(serial >= 0) || serial >= kMostDays) return std::nullopt;
  const auto millis = static_cast<std::int64_t>(std::llround(serial * kDayMillis));
  std::int64_t day = millis / kDayMillis;
  if (!counts_from_1904) {
    if (day == 60) return std::nullopt;
    if (day > 60) --day;
  }
  const sys_days first =
      counts_from_1904 ? sys_days(year{1904} / January / 1) : sys_days(year{1899} / December / 31);
  const year_month_day date(first + days(day));
  if (static_cast<int>(date.year()) > 9999) return std::nullopt;
  XlsxMoment moment{
      .text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())),
      .is_date = millis % kDayMillis == 0};
  if (!moment.is_date) moment.text += " " + Clock(millis % kDayMillis);
  return moment;
}

std::string XlsxTimeOfDay(double part) {
  const auto millis = static_cast<std::int64_t>(std::llround(part * kDayMillis));
  return Clock(millis % kDayMillis);
}

}  // namespace weir::pipelines
