#include "base/uuid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"

namespace weir {
namespace {

TEST(UuidMaker, BeginsWithTheTimeAndSaysItsVersionAndVariant) {
  const FakeClock clock(ParseTimestamp("2022-02-22T19:22:22.000Z").value());  // of RFC 9562, A.6
  UuidMaker maker(clock, SystemRng());
  const std::string text = maker.Next().ToString();
  EXPECT_EQ(text.substr(0, 15), "017f22e2-79b0-7");
  EXPECT_NE(std::string_view("89ab").find(text[19]), std::string_view::npos) << text;
}

TEST(UuidMaker, GrowsStrictlyWhileTheClockStandsAndWhenItGoesBack) {
  FakeClock clock;
  const auto rng = SeededRng(5);
  UuidMaker maker(clock, *rng);
  Uuid last = maker.Next();
  for (int i = 0; i < 20'000; ++i) {
    if (i == 10'000) clock.Jump(-std::chrono::hours(1));
    const Uuid next = maker.Next();
    ASSERT_LT(last, next) << i;
    ASSERT_LT(last.ToString(), next.ToString());
    last = next;
  }
  clock.Jump(std::chrono::hours(2));
  EXPECT_LT(last, maker.Next());
}

TEST(UuidMaker, ThreadsNeverGetTheSame) {
  UuidMaker maker(SystemClock(), SystemRng());
  std::vector<std::vector<Uuid>> made(4);
  for (auto& ids : made) ids.reserve(1000);
  {
    std::vector<std::jthread> threads;
    threads.reserve(made.size());
    for (auto& ids : made) {
      threads.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) ids.push_back(maker.Next());
      });
    }
  }
  std::set<Uuid> all;
  for (const auto& ids : made) {
    EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
    all.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(all.size(), 4000U);
}

TEST(Uuid, ReadsBackItsTextAndRefusesOtherTexts) {
  const std::string text = "0190a5e2-7d3b-7cc2-9f1a-3b1f0e5d6c7a";
  EXPECT_EQ(Uuid::Parse(text).value().ToString(), text);
  EXPECT_EQ(Uuid::Parse("0190A5E2-7D3B-7CC2-9F1A-3B1F0E5D6C7A").value().ToString(), text);
  for (const char* bad :
       {"", "0190a5e2-7d3b-7cc2-9f1a-3b1f0e5d6c7", "0190a5e2-7d3b-7cc2-9f1a-3b1f0e5d6c7ab",
        "0190a5e27d3b7cc29f1a3b1f0e5d6c7a", "0190a5e2-7d3b-7cc2-9f1a-3b1f0e5d6c7g",
        "0190a5e2-7d3b-7cc2-9f1a+3b1f0e5d6c7a", "{190a5e2-7d3b-7cc2-9f1a-3b1f0e5d6c7a"}) {
    EXPECT_EQ(CodeOf(Uuid::Parse(bad)), ErrorCode::kInvalid) << bad;
  }
}

}  // namespace
}  // namespace weir
