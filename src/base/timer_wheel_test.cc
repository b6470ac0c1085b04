#include "base/timer_wheel.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace weir {
namespace {

std::vector<int> Fire(TimerWheel& wheel, std::uint64_t tick, std::vector<int>& fired) {
  fired.clear();
  for (Task& task : wheel.Advance(tick)) task();
  return fired;
}

// Goal: the wheel is a multimap from tick to task. Method: random schedules near and far, cancels
// of live and stale ids, and leaps of time, against a std::multimap.
RC_GTEST_PROP(TimerWheel, FiresAsAMultimapWould, ()) {
  // A distance of any size: the number of bits is drawn first.
  const auto distance = [] {
    const auto bits =
        *rc::gen::weightedElement<int>({{6, 2}, {6, 4}, {6, 7}, {4, 13}, {2, 30}, {1, 60}});
    return *rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << bits);
  };
  const auto start = *rc::gen::inRange<std::uint64_t>(0, 1 << 14);
  TimerWheel wheel(start);
  std::multimap<std::uint64_t, int> model;
  std::vector<std::pair<TimerId, int>> ids;
  std::vector<int> fired;
  const int steps = *rc::gen::inRange(1, 300);
  for (int step = 0; step < steps; ++step) {
    const int choice = *rc::gen::inRange(0, 10);
    if (choice < 5) {
      const std::uint64_t tick = wheel.now() + distance();
      model.emplace(std::max(tick, wheel.now() + 1), step);
      ids.emplace_back(wheel.Schedule(tick, [&fired, step] { fired.push_back(step); }), step);
    } else if (choice < 7 && !ids.empty()) {
      const auto& [id, number] = ids[*rc::gen::inRange<std::size_t>(0, ids.size())];
      const auto entry = std::find_if(model.begin(), model.end(),
                                      [&](const auto& pair) { return pair.second == number; });
      RC_ASSERT(wheel.Cancel(id).has_value() == (entry != model.end()));
      if (entry != model.end()) model.erase(entry);
    } else {
      const std::uint64_t tick = wheel.now() + distance();
      std::vector<int> expected;
      while (!model.empty() && model.begin()->first <= tick) {
        expected.push_back(model.begin()->second);
        model.erase(model.begin());
      }
      RC_ASSERT(Fire(wheel, tick, fired) == expected);
      RC_ASSERT(wheel.now() == tick);
    }
    RC_ASSERT(wheel.size() == model.size());
    RC_ASSERT(wheel.NextTick().has_value() == !model.empty());
    if (!model.empty()) {
      RC_ASSERT(*wheel.NextTick() > wheel.now());
      RC_ASSERT(*wheel.NextTick() <= model.begin()->first);
    }
  }
}

TEST(TimerWheel, ReachesTheEndOfTime) {
  constexpr std::uint64_t kEnd = std::numeric_limits<std::uint64_t>::max();
  TimerWheel wheel;
  std::vector<int> fired;
  wheel.Schedule(kEnd, [&] { fired.push_back(1); });
  wheel.Schedule(kEnd - 1, [&] { fired.push_back(2); });
  EXPECT_EQ(Fire(wheel, kEnd - 1, fired), std::vector<int>{2});
  EXPECT_EQ(Fire(wheel, kEnd, fired), std::vector<int>{1});
}

TEST(TimerWheel, AStaleIdDoesNotCancelTheTimerThatTookItsPlace) {
  TimerWheel wheel;
  std::vector<int> fired;
  const TimerId stale = wheel.Schedule(1, [&] { fired.push_back(1); });
  EXPECT_TRUE(wheel.Cancel(stale));
  const TimerId fresh = wheel.Schedule(1, [&] { fired.push_back(2); });
  EXPECT_EQ(stale.slot, fresh.slot);
  EXPECT_FALSE(wheel.Cancel(stale));
  EXPECT_FALSE(wheel.Cancel(TimerId{.slot = 99, .generation = 0}));
  EXPECT_EQ(Fire(wheel, 1, fired), std::vector<int>{2});
  EXPECT_FALSE(wheel.Cancel(fresh));
}

}  // namespace
}  // namespace weir
