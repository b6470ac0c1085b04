#include "slices/stage.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "base/testing/matchers.h"

namespace weir::slices {
namespace {

TEST(Stage, HandlesItemsInTheirOrder) {
  std::vector<int> handled;
  Stage<int> stage(3, [&](int item) {
    handled.push_back(item);
    return Ok();
  });
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(stage.Push(i, 1));
  EXPECT_TRUE(IsOk(stage.Finish()));
  ASSERT_EQ(handled.size(), 1'000U);
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(handled[static_cast<std::size_t>(i)], i);
}

TEST(Stage, TakesAnItemHeavierThanItsQueue) {
  std::atomic<int> handled = 0;
  Stage<int> stage(1, [&](int) {
    ++handled;
    return Ok();
  });
  EXPECT_TRUE(stage.Push(1, 100));
  EXPECT_TRUE(stage.Push(2, 100));
  EXPECT_TRUE(IsOk(stage.Finish()));
  EXPECT_EQ(handled, 2);
}

TEST(Stage, TakesNothingMoreOnceItFailedAndSaysWhy) {
  Stage<int> stage(1, [](int item) -> Status {
    if (item == 3) return Exhausted("three");
    return Ok();
  });
  int taken = 0;
  while (stage.Push(taken, 1)) ++taken;
  EXPECT_GE(taken, 4);
  EXPECT_EQ(CodeOf(stage.Finish()), ErrorCode::kExhausted);
  EXPECT_EQ(CodeOf(stage.Finish()), ErrorCode::kExhausted);
}

TEST(Stage, TurnsAnExceptionIntoAnError) {
  Stage<int> stage(1, [](int) -> Status { throw std::bad_alloc(); });
  stage.Push(1, 1);
  EXPECT_EQ(CodeOf(stage.Finish()), ErrorCode::kExhausted);
}

// Goal: giving up in the middle hangs nowhere. Method: the first stage is pushing into a full
// second one when both go.
TEST(Stage, IsGivenUpWithItemsOnTheirWay) {
  for (int round = 0; round < 50; ++round) {
    Stage<int> second(1, [](int) { return Ok(); });
    Stage<int> first(4, [&](int item) -> Status {
      if (!second.Push(item, 1)) return Cancelled("the second stage takes nothing");
      return Ok();
    });
    for (int i = 0; i < 20; ++i) first.Push(i, 1);
  }
}

}  // namespace
}  // namespace weir::slices
