#include "pipelines/bench_pool.h"

#include <gtest/gtest.h>

namespace weir::pipelines {
namespace {

Context Now() { return Context::Background(); }

TEST(BenchPool, GivesBackWhatWasLeftReadyToTheSameWork) {
  BenchPool pool({}, 1);
  {
    auto loan = pool.Borrow(Now(), "a");
    ASSERT_TRUE(loan);
    EXPECT_EQ(loan->left<int>(), nullptr);
    ASSERT_TRUE((**loan).Execute(Now(), "CREATE TABLE t AS SELECT 1 AS x"));
    loan->Leave("a", std::make_shared<const int>(7));
  }
  {
    auto other = pool.Borrow(Now(), "b");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->left<int>(), nullptr);
    EXPECT_FALSE((**other).Execute(Now(), "DROP TABLE t"));
  }
  {
    auto same = pool.Borrow(Now(), "a");
    ASSERT_TRUE(same);
    ASSERT_NE(same->left<int>(), nullptr);
    EXPECT_EQ(*same->left<int>(), 7);
    EXPECT_TRUE((**same).Execute(Now(), "DROP TABLE t"));
  }
  auto cleared = pool.Borrow(Now(), "a");  // it was not left ready again
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->left<int>(), nullptr);
}

TEST(BenchPool, KeepsNoMoreThanAFew) {
  BenchPool pool({}, 1);
  for (int work = 0; work < 20; ++work) {
    auto loan = pool.Borrow(Now(), std::to_string(work));
    ASSERT_TRUE(loan);
    EXPECT_EQ(loan->left<int>(), nullptr);
    ASSERT_TRUE((**loan).Execute(Now(), "CREATE TABLE t AS SELECT 1 AS x"));
    loan->Leave(std::to_string(work), std::make_shared<const int>(work));
  }
  auto last = pool.Borrow(Now(), "19");
  ASSERT_TRUE(last);
  EXPECT_NE(last->left<int>(), nullptr);
}

}  // namespace
}  // namespace weir::pipelines
