#include "control/retention.h"

#include <gtest/gtest.h>

namespace weir::control {
namespace {

using std::chrono::hours;

constexpr Timestamp kNow{hours(1'000'000)};

// Five commits of two changes and ten bytes each, an hour apart, the last one now.
std::vector<CommitInfo> Log() {
  std::vector<CommitInfo> log;
  for (int i = 1; i <= 5; ++i) {
    log.push_back({.revision = i, .time = kNow - hours(5 - i), .changes = 2, .bytes = 10});
  }
  return log;
}
constexpr StoreState kState{.revision = 5, .log_changes = 10, .log_bytes = 50};

TEST(LogTrim, LetsTheOldestGoUntilEveryBoundHolds) {
  struct Case {
    Retention retention;
    Revision wanted;
  };
  const Case cases[] = {
      {{}, 0},
      {{.changes = 10}, 0},
      {{.changes = 9}, 1},
      {{.changes = 5}, 3},
      {{.changes = 0}, 5},
      {{.bytes = 50}, 0},
      {{.bytes = 29}, 3},
      {{.age = hours(4)}, 0},
      {{.age = hours(3)}, 1},
      {{.changes = 8, .bytes = 100, .age = hours(1)}, 3},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(LogTrim(kState, Log(), one.retention, kNow), one.wanted);
  }
}

TEST(LogTrim, GoesNoFurtherThanItWasShown) {
  const auto log = Log();
  EXPECT_EQ(LogTrim(kState, std::span(log).first(2), {.changes = 0}, kNow), 2);
  EXPECT_EQ(LogTrim(kState, {}, {.changes = 0}, kNow), 0);
}

TEST(EventTrims, LetGoByAgeAndByNumberForEachTopic) {
  const auto event = [](std::int64_t position, int age, const char* topic) {
    return StoredEvent{
        .position = position, .time = kNow - hours(age), .topic = topic, .payload = {}};
  };
  const std::vector<StoredEvent> oldest{event(1, 9, "a"), event(2, 8, "b"), event(3, 7, "a"),
                                        event(4, 1, "b")};
  using Trims = std::map<std::string, std::int64_t>;
  EXPECT_EQ(EventTrims(4, oldest, {}, kNow), Trims{});
  EXPECT_EQ(EventTrims(4, oldest, {.event_age = hours(7)}, kNow), (Trims{{"a", 1}, {"b", 2}}));
  EXPECT_EQ(EventTrims(4, oldest, {.event_age = hours(6)}, kNow), (Trims{{"a", 3}, {"b", 2}}));
  EXPECT_EQ(EventTrims(4, oldest, {.events = 1}, kNow), (Trims{{"a", 3}, {"b", 2}}));
}

}  // namespace
}  // namespace weir::control
