#include "base/json_reader.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstring>
#include <string>

#include "base/testing/matchers.h"

namespace weir {
namespace {

TEST(ParseJson, ReadsWhatBoostReads) {
  for (const char* text :
       {"null", "true", "[]", "{}", R"({"a": [1, -2, 18446744073709551615, "x\ny", {"b": false}]})",
        R"("\u00e9\ud83d\ude00")", "  [ 1 ,2]  "}) {
    const auto read = ParseJson(text);
    ASSERT_TRUE(IsOk(read)) << text;
    EXPECT_EQ(*read, boost::json::parse(text)) << text;
  }
  for (const char* text : {"", "{", "[1,]", "nul", "1 2", "\"\xFF\""}) {
    EXPECT_FALSE(ParseJson(text)) << text;
  }
}

TEST(ParseJson, GivesBackEveryDoubleThatWasWritten) {
  const bool held = rc::check([] {
    const auto bits = *rc::gen::arbitrary<std::uint64_t>();
    const auto spread = bits * 0x9E3779B97F4A7C15u;  // rapidcheck begins with small numbers
    double number = 0;
    std::memcpy(&number, &spread, sizeof number);
    RC_PRE(std::isfinite(number));
    const auto read = ParseJson(boost::json::serialize(boost::json::value(number)));
    RC_ASSERT(bool(read));
    RC_ASSERT(read->is_double());
    RC_ASSERT(read->as_double() == number);
  });
  EXPECT_TRUE(held);
}

TEST(ParseJson, RefusesANumberThatNoDoubleHolds) {
  for (const std::string& bad :
       {std::string("1e400"), std::string("[-33.3e3333]"), std::string(400, '9')}) {
    EXPECT_EQ(CodeOf(ParseJson(bad)), ErrorCode::kInvalid) << bad;
  }
  EXPECT_EQ(ParseJson("1e-400")->as_double(), 0.0);
}

TEST(ParseJson, GoesAsDeepAsItMay) {
  EXPECT_TRUE(ParseJson("[[]]", 2));
  EXPECT_FALSE(ParseJson("[[[]]]", 2));
}

TEST(ParseJson, ReadsOneValueAndNothingBehindIt) {
  EXPECT_TRUE(ParseJson(" {\"a\": [1, 2.5, \"\\u00e4\"]} \n"));
  EXPECT_EQ(CodeOf(ParseJson("{} {}")), ErrorCode::kInvalid);
}

TEST(ParseJson, NamesThePlaceAndRepeatsNothing) {
  const auto failed = ParseJson("{\n  \"password\": hunter2\n}");
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("line 2, column"), std::string::npos)
      << failed.error().message;
  EXPECT_EQ(failed.error().message.find("hunter2"), std::string::npos);
}

TEST(ParseJson, RefusesWhatIsNotJson) {
  for (const std::string& bad :
       {std::string(""), std::string("{"), std::string("nul"), std::string("[1,]"),
        std::string("\"\xff\""), std::string("NaN"), std::string("'a'"), std::string(100'000, '['),
        std::string("{\"a\":1}x"), std::string("\"\x01\"")}) {
    EXPECT_EQ(CodeOf(ParseJson(bad)), ErrorCode::kInvalid) << bad.substr(0, 20);
  }
}

}  // namespace
}  // namespace weir
