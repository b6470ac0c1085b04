#include "base/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/testing/matchers.h"

namespace weir {
namespace {

using namespace std::chrono_literals;
using WhenFull = WorkerPool::WhenFull;
using StopMode = WorkerPool::StopMode;

class WorkerPoolTest : public testing::Test {
 protected:
  // Occupies the one thread and fills the queue of one, so that the pool is full until Release.
  void Fill(WorkerPool& pool) {
    std::promise<void> started;
    pool.Submit(context_,
                [this, &started] {
                  started.set_value();
                  gate_.wait();
                })
        .value();
    started.get_future().wait();
    pool.Submit(context_, [this] { ++ran_; }).value();
  }
  void Release() { gate_.count_down(); }

  const Context context_ = Context::Background();
  const std::unique_ptr<Logger> log_ = Logger::Silent();
  const WorkerPool::Options one_{.name = "one", .threads = 1, .queue = 1};
  std::latch gate_{1};
  std::atomic<int> ran_ = 0;
};

TEST_F(WorkerPoolTest, RunsEveryTaskOnceAndDrainsWhenStopped) {
  WorkerPool pool({.name = "many", .threads = 4, .queue = 8}, *log_);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(IsOk(pool.Submit(context_, [this] { ++ran_; })));
  }
  pool.Stop(StopMode::kDrain);
  EXPECT_EQ(ran_, 1000);
  EXPECT_EQ(pool.queued(), 0U);
  EXPECT_EQ(pool.running(), 0U);
}

TEST_F(WorkerPoolTest, OneThreadKeepsTheOrder) {
  WorkerPool pool({.name = "one", .threads = 1, .queue = 4}, *log_);
  std::string order;
  for (const char letter : std::string("abcdefgh")) {
    pool.Submit(context_, [&order, letter] { order += letter; }).value();
  }
  pool.Stop(StopMode::kDrain);
  EXPECT_EQ(order, "abcdefgh");
}

TEST_F(WorkerPoolTest, AFullQueueRefusesOrWaitsUntilTheDeadline) {
  WorkerPool pool(one_, *log_);
  Fill(pool);
  EXPECT_EQ(CodeOf(pool.Submit(
                context_, [] {}, WhenFull::kRefuse)),
            ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(pool.Submit(context_.WithTimeout(5ms), [] {})), ErrorCode::kDeadline);
  Release();
}

TEST_F(WorkerPoolTest, AWaitingCallerIsCancelled) {
  WorkerPool pool(one_, *log_);
  Fill(pool);
  std::stop_source source;
  auto submitted = std::async(std::launch::async, [&] {
    return pool.Submit(context_.WithCancel(source.get_token()), [] {});
  });
  source.request_stop();
  EXPECT_EQ(CodeOf(submitted.get()), ErrorCode::kCancelled);
  Release();
}

TEST_F(WorkerPoolTest, AWaitingCallerGetsInWhenThereIsRoom) {
  WorkerPool pool(one_, *log_);
  Fill(pool);
  auto submitted =
      std::async(std::launch::async, [&] { return pool.Submit(context_, [this] { ++ran_; }); });
  Release();
  EXPECT_TRUE(IsOk(submitted.get()));
  pool.Stop(StopMode::kDrain);
  EXPECT_EQ(ran_, 2);
}

TEST_F(WorkerPoolTest, DroppedTasksBreakTheirPromisesAndTheRunningOneEnds) {
  WorkerPool pool(one_, *log_);
  std::promise<void> started;
  std::promise<int> kept;
  auto answer = kept.get_future();
  pool.Submit(context_,
              [&] {
                started.set_value();
                gate_.wait();
                ++ran_;
              })
      .value();
  started.get_future().wait();
  pool.Submit(context_, [promise = std::move(kept)]() mutable { promise.set_value(1); }).value();
  std::jthread stopper([&] { pool.Stop(StopMode::kDrop); });
  EXPECT_THROW(answer.get(), std::future_error);
  Release();
  stopper.join();
  EXPECT_EQ(ran_, 1);
}

TEST_F(WorkerPoolTest, AStoppedPoolTakesNothing) {
  WorkerPool pool(one_, *log_);
  pool.Stop(StopMode::kDrain);
  pool.Stop(StopMode::kDrop);
  EXPECT_EQ(CodeOf(pool.Submit(context_, [] {})), ErrorCode::kUnavailable);
}

TEST_F(WorkerPoolTest, StoppingWakesACallerThatWaitsForRoom) {
  WorkerPool pool(one_, *log_);
  Fill(pool);
  auto submitted = std::async(std::launch::async, [&] { return pool.Submit(context_, [] {}); });
  std::jthread stopper([&] { pool.Stop(StopMode::kDrop); });
  EXPECT_EQ(CodeOf(submitted.get()), ErrorCode::kUnavailable);
  Release();
}

TEST_F(WorkerPoolTest, ATaskNeverWaitsForItsOwnPool) {
  WorkerPool pool(one_, *log_);
  std::promise<Status> inner;
  pool.Submit(context_,
              [&] {
                pool.Submit(context_, [this] { ++ran_; }).value();
                inner.set_value(pool.Submit(context_, [this] { ++ran_; }));
              })
      .value();
  EXPECT_EQ(CodeOf(inner.get_future().get()), ErrorCode::kExhausted);
  pool.Stop(StopMode::kDrain);
  EXPECT_EQ(ran_, 1);
}

TEST_F(WorkerPoolTest, AnExceptionIsLoggedAndTheThreadLivesOn) {
  std::string logged;
  const auto log = Logger::ToFunction(LogLevel::kInfo, LogFormat::kText,
                                      [&](std::string_view line) { logged += line; });
  WorkerPool pool(one_, *log);
  pool.Submit(context_, [] { throw std::runtime_error("boom"); }).value();
  pool.Submit(context_, [] { throw 7; }).value();
  pool.Submit(context_, [this] { ++ran_; }).value();
  pool.Stop(StopMode::kDrain);
  EXPECT_EQ(ran_, 1);
  EXPECT_NE(logged.find("task_failed pool=one error=boom"), std::string::npos) << logged;
  EXPECT_NE(logged.find("an unknown exception"), std::string::npos) << logged;
}

TEST(Task, OwnsWhatCannotBeCopiedAndLetsGoAfterTheCall) {
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = owned;
  Task task = [owned = std::move(owned), unique = std::make_unique<int>(2)] {
    EXPECT_TRUE(unique);
  };
  Task moved = std::move(task);
  EXPECT_FALSE(task);  // NOLINT: a moved-from task is empty
  moved();
  EXPECT_FALSE(moved);
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace weir
