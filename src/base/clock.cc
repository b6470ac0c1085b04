#include "base/clock.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>

namespace weir {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

class MachineClock final : public Clock {
 public:
  Timestamp Now() const override {
    return std::chrono::time_point_cast<nanoseconds>(std::chrono::system_clock::now());
  }
  SteadyTime Steady() const override { return std::chrono::steady_clock::now(); }
};

class PinnedClockImpl final : public Clock {
 public:
  explicit PinnedClockImpl(Timestamp pinned) : pinned_(pinned) {}
  Timestamp Now() const override { return pinned_; }
  SteadyTime Steady() const override { return std::chrono::steady_clock::now(); }

 private:
  const Timestamp pinned_;
};

// Reads a timestamp from the left; every step answers nullopt where the text is wrong.
class TimestampReader {
 public:
  explicit TimestampReader(std::string_view text) : rest_(text) {}

  bool AtEnd() const { return rest_.empty(); }

  bool Skip(char lower, char upper) {
    if (rest_.empty() || (rest_.front() != lower && rest_.front() != upper)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool Skip(char one) { return Skip(one, one); }

  // Exactly `digits` of them, and a value in [low, high].
  std::optional<int> Number(std::size_t digits, int low, int high) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    if (value < low || value > high) return std::nullopt;
    return value;
  }

  // What stands after the point, in nanoseconds; one to nine digits.
  std::optional<nanoseconds> Fraction() {
    constexpr std::size_t kMost = 9;
    std::int64_t value = 0;
    std::size_t count = 0;
    while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
      if (count == kMost) return std::nullopt;
      value = value * 10 + (rest_[count] - '0');
      ++count;
    }
    if (count == 0) return std::nullopt;
    rest_.remove_prefix(count);
    for (; count < kMost; ++count) value *= 10;
    return nanoseconds{value};
  }

  // "Z" or "+05:30": how far local time is ahead of UTC.
  std::optional<minutes> Offset() {
    if (Skip('z', 'Z')) return minutes{0};
    const bool negative = !rest_.empty() && rest_.front() == '-';
    if (!negative && (rest_.empty() || rest_.front() != '+')) return std::nullopt;
    rest_.remove_prefix(1);
    const auto hour = Number(2, 0, 23);
    if (!hour || !Skip(':')) return std::nullopt;
    const auto minute = Number(2, 0, 59);
    if (!minute) return std::nullopt;
    const minutes ahead = hours{*hour} + minutes{*minute};
    return negative ? -ahead : ahead;
  }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> ReadDate(TimestampReader& in) {
  const auto year = in.Number(4, 0, 9999);
  if (!year || !in.Skip('-')) return std::nullopt;
  const auto month = in.Number(2, 1, 12);
  if (!month || !in.Skip('-')) return std::nullopt;
  const auto day = in.Number(2, 1, 31);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<seconds> ReadTimeOfDay(TimestampReader& in) {
  const auto hour = in.Number(2, 0, 23);
  if (!hour || !in.Skip(':')) return std::nullopt;
  const auto minute = in.Number(2, 0, 59);
  if (!minute || !in.Skip(':')) return std::nullopt;
  const auto second = in.Number(2, 0, 59);
  if (!second) return std::nullopt;
  return hours{*hour} + minutes{*minute} + seconds{*second};
}

Error NotATimestamp(std::string_view text) {
  constexpr std::size_t kShown = 64;
  return Invalid("'{}' is not a timestamp", text.substr(0, kShown))
      .WithHint("write it as in RFC 3339: 2026-11-21T10:00:00Z or 2026-11-21T12:00:00.5+02:00");
}

}  // namespace

Clock& SystemClock() {
  static MachineClock clock;
  return clock;
}

std::unique_ptr<Clock> PinnedClock(Timestamp pinned) {
  return std::make_unique<PinnedClockImpl>(pinned);
}

std::string FormatTimestamp(Timestamp time) {
  // Through seconds: the first day of the range begins before its first nanosecond.
  const auto whole = std::chrono::floor<seconds>(time);
  const auto day = std::chrono::floor<days>(whole);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{whole - day};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  clock.hours().count(), clock.minutes().count(), clock.seconds().count());
  const std::int64_t fraction = (time - whole).count();
  if (fraction % 1'000 != 0) {
    text += fmt::format(".{:09}", fraction);
  } else if (fraction % 1'000'000 != 0) {
    text += fmt::format(".{:06}", fraction / 1'000);
  } else if (fraction != 0) {
    text += fmt::format(".{:03}", fraction / 1'000'000);
  }
  text += 'Z';
  return text;
}

Result<Timestamp> ParseTimestamp(std::string_view text) {
  TimestampReader in(text);
  const auto date = ReadDate(in);
  if (!date || !in.Skip('t', 'T')) return NotATimestamp(text);
  const auto time_of_day = ReadTimeOfDay(in);
  if (!time_of_day) return NotATimestamp(text);
  std::optional<nanoseconds> fraction{0};
  if (in.Skip('.')) fraction = in.Fraction();
  if (!fraction) return NotATimestamp(text);
  const auto offset = in.Offset();
  if (!offset || !in.AtEnd()) return NotATimestamp(text);

  // Nanoseconds in 64 bits reach from 1677 to 2262.
  const std::chrono::sys_seconds whole = *date + *time_of_day - *offset;
  constexpr auto kFirst = std::chrono::ceil<seconds>(Timestamp::min());
  constexpr auto kEnd = std::chrono::floor<seconds>(Timestamp::max());
  if (whole < kFirst || whole >= kEnd) {
    return Invalid("'{}' is outside the years 1677 to 2262", text);
  }
  return Timestamp{whole} + *fraction;
}

}  // namespace weir
