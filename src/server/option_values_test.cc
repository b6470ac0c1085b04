#include "server/option_values.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::server {
namespace {

using namespace std::chrono_literals;

TEST(ParseSize, KnowsBothSortsOfUnits) {
  EXPECT_EQ(*ParseSize("512"), 512);
  EXPECT_EQ(*ParseSize("10kB"), 10'000);
  EXPECT_EQ(*ParseSize("64MiB"), 64 << 20);
  EXPECT_EQ(*ParseSize("0"), 0);
  for (const std::string_view text :
       {"", "B", "-1", "1.5MB", "1 MB", "1mb", "9223372036854775807GB"}) {
    EXPECT_EQ(CodeOf(ParseSize(text)), ErrorCode::kInvalid) << text;
  }
}

TEST(ParseDuration, KnowsMillisecondsToHours) {
  EXPECT_EQ(*ParseDuration("250ms"), 250ms);
  EXPECT_EQ(*ParseDuration("30s"), 30s);
  EXPECT_EQ(*ParseDuration("5m"), 5min);
  EXPECT_EQ(*ParseDuration("2h"), 2h);
  for (const std::string_view text : {"", "5", "s", "-1s", "1.5s", "1d", "9223372036854775807h"}) {
    EXPECT_EQ(CodeOf(ParseDuration(text)), ErrorCode::kInvalid) << text;
  }
}

TEST(ParseNumber, KeepsToItsBounds) {
  EXPECT_EQ(*ParseNumber("1", 1, 5), 1);
  EXPECT_EQ(*ParseNumber("5", 1, 5), 5);
  for (const std::string_view text : {"0", "6", "", "x", "1x", " 1", "99999999999999999999"}) {
    EXPECT_EQ(CodeOf(ParseNumber(text, 1, 5)), ErrorCode::kInvalid) << text;
  }
}

TEST(ParseSwitch, TakesTwoWordsAndNoOther) {
  EXPECT_TRUE(*ParseSwitch("true"));
  EXPECT_FALSE(*ParseSwitch("false"));
  for (const std::string_view text : {"", "yes", "1", "True"}) {
    EXPECT_EQ(CodeOf(ParseSwitch(text)), ErrorCode::kInvalid) << text;
  }
}

}  // namespace
}  // namespace weir::server
