#include "base/clock.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

Timestamp At(std::string_view text) { return ParseTimestamp(text).value(); }

TEST(Timestamp, ShowsNoMoreFractionDigitsThanNeeded) {
  const Timestamp whole{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 10h};
  EXPECT_EQ(FormatTimestamp(whole), "2026-11-21T10:00:00Z");
  EXPECT_EQ(FormatTimestamp(whole + 120ms), "2026-11-21T10:00:00.120Z");
  EXPECT_EQ(FormatTimestamp(whole + 5us), "2026-11-21T10:00:00.000005Z");
  EXPECT_EQ(FormatTimestamp(whole + 1ns), "2026-11-21T10:00:00.000000001Z");
}

TEST(Timestamp, BeforeTheEpochCountsForwards) {
  EXPECT_EQ(FormatTimestamp(Timestamp{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(Timestamp, OffsetsAndCaseOfLettersDoNotMatter) {
  const Timestamp expected = At("2026-11-21T10:00:00.5Z");
  EXPECT_EQ(At("2026-11-21t10:00:00.500z"), expected);
  EXPECT_EQ(At("2026-11-21T12:00:00.5+02:00"), expected);
  EXPECT_EQ(At("2026-11-21T04:30:00.5-05:30"), expected);
  EXPECT_EQ(At("2026-11-20T23:59:00.5-10:01"), expected);
}

TEST(Timestamp, RefusesWhatIsNotRfc3339) {
  for (const char* bad : {"",
                          "2026-11-21",
                          "2026-11-21 10:00:00Z",
                          "2026-11-21T10:00:00",
                          "2026-11-21T10:00Z",
                          "2026-11-21T10:00:00.Z",
                          "2026-11-21T10:00:00.1234567890Z",
                          "2026-11-21T24:00:00Z",
                          "2026-11-21T10:60:00Z",
                          "2026-11-21T23:59:60Z",
                          "2026-02-29T10:00:00Z",
                          "2026-13-01T10:00:00Z",
                          "2026-00-01T10:00:00Z",
                          "2026-11-00T10:00:00Z",
                          "2026-11-21T10:00:00+2:00",
                          "2026-11-21T10:00:00+0200",
                          "2026-11-21T10:00:00+24:00",
                          "2026-11-21T10:00:00Zx",
                          "+026-11-21T10:00:00Z",
                          "2026-11-21T10:00:00Z "}) {
    EXPECT_EQ(CodeOf(ParseTimestamp(bad)), ErrorCode::kInvalid) << bad;
  }
}

TEST(Timestamp, RefusesYearsThatNanosecondsCannotHold) {
  EXPECT_EQ(CodeOf(ParseTimestamp("9999-12-31T23:59:59Z")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(ParseTimestamp("0001-01-01T00:00:00Z")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(ParseTimestamp("2263-01-01T00:00:00Z")), ErrorCode::kInvalid);
  EXPECT_TRUE(IsOk(ParseTimestamp("2262-01-01T00:00:00Z")));
  EXPECT_TRUE(IsOk(ParseTimestamp("1678-01-01T00:00:00Z")));
}

RC_GTEST_PROP(Timestamp, ReadsBackWhatItWrites, ()) {
  // All but the last seconds of the range, which are refused as out of it.
  const auto second = *rc::gen::inRange<std::int64_t>(-9'223'372'035, 9'223'372'035);
  const auto fraction = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
  const auto unit = *rc::gen::element<std::int64_t>(1, 1'000, 1'000'000, 1'000'000'000);
  const Timestamp time{std::chrono::seconds{second} +
                       std::chrono::nanoseconds{fraction / unit * unit}};
  const auto read = ParseTimestamp(FormatTimestamp(time));
  RC_ASSERT(read.has_value());
  RC_ASSERT(*read == time);
}

TEST(SystemClock, SteadyTimeNeverGoesBack) {
  const SteadyTime first = SystemClock().Steady();
  EXPECT_LE(first, SystemClock().Steady());
  EXPECT_GT(SystemClock().Now(), At("2024-01-01T00:00:00Z"));
}

TEST(PinnedClock, CivilTimeStandsStillAndSteadyTimeGoesOn) {
  const Timestamp pinned = At("2026-11-21T10:00:00Z");
  const auto clock = PinnedClock(pinned);
  const SteadyTime start = clock->Steady();
  while (clock->Steady() == start) {
  }
  EXPECT_EQ(clock->Now(), pinned);
}

TEST(FakeClock, JumpMovesCivilTimeAlone) {
  FakeClock clock;
  const Timestamp now = clock.Now();
  const SteadyTime steady = clock.Steady();
  clock.Advance(2s);
  clock.Jump(-1h);
  EXPECT_EQ(clock.Now(), now + 2s - 1h);
  EXPECT_EQ(clock.Steady(), steady + 2s);
}

}  // namespace
}  // namespace weir
