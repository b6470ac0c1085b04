#include "control/watch_cursor.h"

#include <gtest/gtest.h>

#include <future>
#include <semaphore>

namespace weir::control {
namespace {

// Goal: whoever takes the function back may then destroy what it uses. Method: the function runs
// until the test lets it go; the one who takes it back is still waiting then.
TEST(ReadyCallback, SetWaitsForACallThatRuns) {
  ReadyCallback callback;
  std::binary_semaphore entered(0);
  std::binary_semaphore leave(0);
  std::atomic<bool> has_left = false;
  callback.Set([&] {
    entered.release();
    leave.acquire();
    has_left = true;
  });
  auto call = std::async(std::launch::async, [&] { callback.Call(); });
  entered.acquire();
  auto taken_back = std::async(std::launch::async, [&] {
    callback.Set({});
    return has_left.load();
  });
  EXPECT_EQ(taken_back.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
  leave.release();
  EXPECT_TRUE(taken_back.get());
  call.get();
}

TEST(ReadyCallback, MayBeTakenBackByItself) {
  ReadyCallback callback;
  int calls = 0;
  callback.Set([&] {
    ++calls;
    callback.Set({});
  });
  callback.Call();
  callback.Call();
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace weir::control
