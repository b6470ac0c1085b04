#include "control/work_queue.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/testing/matchers.h"

namespace weir::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Status Nothing(BatchTransaction&) { return Ok(); }

Context Soon() { return Context::Background().WithTimeout(seconds(30)); }

std::future<Result<Revision>> SubmitLater(WorkQueue& queue, Context context = Soon()) {
  return std::async(std::launch::async,
                    [&queue, context] { return queue.Submit(context, Nothing); });
}

// Takes until `count` works came, since callers arrive when they do.
std::vector<Work*> TakeAll(WorkQueue& queue, std::size_t count) {
  std::vector<Work*> works;
  while (works.size() < count) {
    const auto more = queue.Take(count - works.size());
    works.insert(works.end(), more.begin(), more.end());
  }
  return works;
}

TEST(WorkQueue, GivesEachCallerItsOwnOutcome) {
  WorkQueue queue({});
  auto first = SubmitLater(queue);
  Work* one = TakeAll(queue, 1).front();
  auto second = SubmitLater(queue);
  Work* two = TakeAll(queue, 1).front();
  one->outcome = Revision{1};
  two->outcome = Denied("no");
  queue.Finish(2);
  EXPECT_EQ(first.get().value(), 1);
  EXPECT_EQ(CodeOf(second.get()), ErrorCode::kDenied);
}

TEST(WorkQueue, WhatDidNotRunComesFirstNextTime) {
  WorkQueue queue({});
  auto first = SubmitLater(queue);
  Work* one = TakeAll(queue, 1).front();
  auto second = SubmitLater(queue);
  Work* two = TakeAll(queue, 1).front();
  auto third = SubmitLater(queue);
  one->outcome = Revision{1};
  queue.Finish(1);
  const auto again = queue.Take(1);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again.front(), two);
  two->outcome = Revision{2};
  TakeAll(queue, 1).front()->outcome = Revision{3};
  queue.Finish(2);
  EXPECT_EQ(first.get().value(), 1);
  EXPECT_EQ(second.get().value(), 2);
  EXPECT_EQ(third.get().value(), 3);
}

TEST(WorkQueue, ACallerWhoseDeadlinePassesLeavesTheQueue) {
  WorkQueue queue({});
  const auto outcome = queue.Submit(Context::Background().WithTimeout(milliseconds(5)), Nothing);
  EXPECT_EQ(CodeOf(outcome), ErrorCode::kDeadline);
  auto next = SubmitLater(queue);
  EXPECT_EQ(TakeAll(queue, 1).size(), 1U);
  queue.Close();
  EXPECT_TRUE(queue.Take(10).empty());  // the late one is not there
  queue.Finish(1);
}

TEST(WorkQueue, ACallerWithoutADeadlineDoesNotWaitForEver) {
  WorkQueue queue({.longest_wait = milliseconds(5)});
  EXPECT_EQ(CodeOf(queue.Submit(Context::Background(), Nothing)), ErrorCode::kDeadline);
}

TEST(WorkQueue, ACallerThatGivesUpLeavesTheQueue) {
  WorkQueue queue({});
  std::stop_source stop;
  auto outcome = SubmitLater(queue, Soon().WithCancel(stop.get_token()));
  stop.request_stop();
  EXPECT_EQ(CodeOf(outcome.get()), ErrorCode::kCancelled);
}

TEST(WorkQueue, ACallerWhoseWorkWasTakenWaitsForItsOutcome) {
  WorkQueue queue({});
  std::stop_source stop;
  auto outcome = SubmitLater(queue, Soon().WithCancel(stop.get_token()));
  Work* work = TakeAll(queue, 1).front();
  stop.request_stop();
  EXPECT_EQ(outcome.wait_for(milliseconds(5)), std::future_status::timeout);
  work->outcome = Revision{7};
  queue.Finish(1);
  EXPECT_EQ(outcome.get().value(), 7);
}

TEST(WorkQueue, AFullQueueIsExhaustedAfterAWhile) {
  WorkQueue queue({.max_waiting = 0, .longest_wait = milliseconds(5)});
  EXPECT_EQ(CodeOf(queue.Submit(Context::Background(), Nothing)), ErrorCode::kExhausted);
  const Context short_of_time = Context::Background().WithTimeout(milliseconds(1));
  EXPECT_EQ(CodeOf(queue.Submit(short_of_time, Nothing)), ErrorCode::kDeadline);
}

TEST(WorkQueue, RoomIsGivenToWhoWaitsForIt) {
  WorkQueue queue({.max_waiting = 1});
  std::vector<std::future<Result<Revision>>> callers;
  for (int i = 0; i < 5; ++i) callers.push_back(SubmitLater(queue));
  for (int i = 0; i < 5; ++i) {
    TakeAll(queue, 1).front()->outcome = Revision{i};
    queue.Finish(1);
  }
  for (auto& caller : callers) EXPECT_TRUE(IsOk(caller.get()));
}

TEST(WorkQueue, AClosedQueueTakesNothingButFinishesWhatIsThere) {
  WorkQueue queue({});
  auto waiting = SubmitLater(queue);
  Work* work = TakeAll(queue, 1).front();
  queue.Close();
  EXPECT_EQ(CodeOf(queue.Submit(Soon(), Nothing)), ErrorCode::kUnavailable);
  work->outcome = Revision{1};
  queue.Finish(1);
  EXPECT_TRUE(IsOk(waiting.get()));
  EXPECT_TRUE(queue.Take(1).empty());
}

}  // namespace
}  // namespace weir::control
