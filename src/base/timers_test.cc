#include "base/timers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

using namespace std::chrono_literals;

class TimersTest : public testing::Test {
 protected:
  FakeClock clock_;
  const std::unique_ptr<Logger> log_ = Logger::Silent();
  // A fake clock leaps without a word, so it is looked at often.
  const Timers::Options options_{.longest_wait = 1ms};
};

TEST_F(TimersTest, RunsTasksInOrderOnceTheirTimeHasCome) {
  Timers timers(options_, clock_, *log_);
  std::string order;
  std::promise<void> last;
  timers.After(30ms, [&] { last.set_value(); }).value();
  timers.After(20ms, [&] { order += 'b'; }).value();
  timers.After(10ms, [&] { order += 'a'; }).value();
  clock_.Advance(30ms);
  last.get_future().wait();
  EXPECT_EQ(order, "ab");
}

TEST_F(TimersTest, NeverRunsATaskEarly) {
  Timers timers(options_, clock_, *log_);
  std::promise<SteadyTime> ran;
  const SteadyTime when = clock_.Steady() + 10ms + 1ns;
  timers.At(when, [&] { ran.set_value(clock_.Steady()); }).value();
  auto at = ran.get_future();
  // Forward by less than a tick at a time: the first tick at which it runs is seen.
  while (at.wait_for(2ms) != std::future_status::ready) clock_.Advance(500us);
  EXPECT_GE(at.get(), when);
}

TEST_F(TimersTest, FollowsTheMachinesClock) {
  Timers timers({}, SystemClock(), *log_);
  timers.After(1h, [] {}).value();
  std::promise<void> ran;
  timers.After(1ms, [&] { ran.set_value(); }).value();
  EXPECT_EQ(ran.get_future().wait_for(30s), std::future_status::ready);
}

TEST_F(TimersTest, ACancelledTaskIsDestroyedUnrun) {
  Timers timers(options_, clock_, *log_);
  auto owned = std::make_shared<int>();
  const std::weak_ptr<int> watch = owned;
  const TimerId id = timers.After(1h, [owned = std::move(owned)] { FAIL(); }).value();
  EXPECT_TRUE(timers.Cancel(id));
  EXPECT_TRUE(watch.expired());
  EXPECT_FALSE(timers.Cancel(id));
  EXPECT_EQ(timers.pending(), 0U);
}

TEST_F(TimersTest, TasksMayScheduleAndCancel) {
  Timers timers(options_, clock_, *log_);
  std::promise<void> done;
  const TimerId other = timers.After(1h, [] { FAIL(); }).value();
  timers
      .After(1ms,
             [&] {
               EXPECT_TRUE(timers.Cancel(other));
               timers.After(0ms, [&] { done.set_value(); }).value();
               clock_.Advance(1ms);
             })
      .value();
  clock_.Advance(1ms);
  done.get_future().wait();
}

TEST_F(TimersTest, TooManyAreExhaustedAndAStoppedOneIsUnavailable) {
  Timers timers({.most_timers = 1}, clock_, *log_);
  timers.After(1h, [] { FAIL(); }).value();
  EXPECT_EQ(CodeOf(timers.After(1h, [] {})), ErrorCode::kExhausted);
  timers.Stop();
  timers.Stop();
  EXPECT_EQ(CodeOf(timers.After(1h, [] {})), ErrorCode::kUnavailable);
  EXPECT_EQ(timers.pending(), 0U);
}

TEST_F(TimersTest, AnExceptionIsLoggedAndTheThreadLivesOn) {
  std::string logged;
  const auto log = Logger::ToFunction(LogLevel::kInfo, LogFormat::kText,
                                      [&](std::string_view line) { logged += line; });
  Timers timers(options_, clock_, *log);
  std::promise<void> done;
  timers.After(1ms, [] { throw std::runtime_error("boom"); }).value();
  timers.After(2ms, [&] { done.set_value(); }).value();
  clock_.Advance(2ms);
  done.get_future().wait();
  timers.Stop();
  EXPECT_NE(logged.find("timer_failed error=boom"), std::string::npos) << logged;
}

TEST_F(TimersTest, StopWaitsForTheRunningTaskAndDropsThePending) {
  Timers timers(options_, clock_, *log_);
  std::promise<void> started, release;
  std::atomic<bool> ended = false;
  timers.After(1h, [] { FAIL(); }).value();
  timers
      .After(1ms,
             [&] {
               started.set_value();
               release.get_future().wait();
               ended = true;
             })
      .value();
  clock_.Advance(1ms);
  started.get_future().wait();
  std::jthread stopper([&] {
    timers.Stop();
    EXPECT_TRUE(ended);
  });
  release.set_value();
  stopper.join();
  EXPECT_EQ(timers.pending(), 0U);
}

}  // namespace
}  // namespace weir
