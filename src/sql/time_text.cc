#include "sql/time_text.h"

#include <charconv>
#include <chrono>
#include <limits>

namespace weir::sql {
namespace {

void AppendDigits(std::string& out, std::int64_t value, int width) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value > 0);
  for (int i = count; i < width; ++i) out += '0';
  while (count > 0) out += digits[--count];
}

void AppendNumber(std::string& out, std::int64_t value) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof(text), value);
  out.append(text, end.ptr);
}

// Of a second: nothing, milliseconds, microseconds or nanoseconds.
void AppendFraction(std::string& out, std::int64_t nanoseconds) {
  if (nanoseconds == 0) return;
  int width = 9;
  while (nanoseconds % 1000 == 0) {
    nanoseconds /= 1000;
    width -= 3;
  }
  out += '.';
  AppendDigits(out, nanoseconds, width);
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

bool AppendInfinity(std::string& out, std::int64_t value, std::int64_t end) {
  if (value != end && value != -end) return false;
  out += value == end ? "infinity" : "-infinity";
  return true;
}

}  // namespace

// Howard Hinnant's civil_from_days, over 64 bits.
void AppendDate(std::string& out, std::int64_t days) {
  if (AppendInfinity(out, days, std::numeric_limits<std::int32_t>::max())) return;
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = FloorDivide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::int64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 0) out += '-';
  AppendDigits(out, year < 0 ? -year : year, 4);
  out += '-';
  AppendDigits(out, month, 2);
  out += '-';
  AppendDigits(out, day_of_year - (153 * shifted_month + 2) / 5 + 1, 2);
}

void AppendTimeOfDay(std::string& out, std::int64_t value, std::int64_t per_second) {
  const std::int64_t seconds = value / per_second;
  AppendDigits(out, seconds / 3600, 2);
  out += ':';
  AppendDigits(out, seconds / 60 % 60, 2);
  out += ':';
  AppendDigits(out, seconds % 60, 2);
  AppendFraction(out, value % per_second * (1'000'000'000 / per_second));
}

void AppendTimestamp(std::string& out, std::int64_t value, std::int64_t per_second, bool is_utc) {
  if (AppendInfinity(out, value, std::numeric_limits<std::int64_t>::max())) return;
  const std::int64_t per_day = 86'400 * per_second;
  const std::int64_t days = FloorDivide(value, per_day);
  AppendDate(out, days);
  out += 'T';
  AppendTimeOfDay(out, value - days * per_day, per_second);
  if (is_utc) out += 'Z';
}

void AppendInterval(std::string& out, std::int32_t months, std::int32_t days,
                    std::int64_t nanoseconds) {
  const auto part = [&](std::int64_t value, char unit) {
    if (value == 0) return;
    AppendNumber(out, value);
    out += unit;
  };
  out += 'P';
  part(months / 12, 'Y');
  part(months % 12, 'M');
  part(days, 'D');
  if (nanoseconds == 0 && (months != 0 || days != 0)) return;
  out += 'T';
  const bool negative = nanoseconds < 0;
  const std::int64_t seconds = nanoseconds / 1'000'000'000;
  if (negative) out += '-';
  AppendDigits(out, negative ? -seconds : seconds, 1);
  const std::int64_t rest = nanoseconds % 1'000'000'000;
  AppendFraction(out, rest < 0 ? -rest : rest);
  out += 'S';
}

}  // namespace weir::sql
