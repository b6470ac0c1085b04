#include "resources/exact_json.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <cstring>

namespace weir::resources {
namespace {

TEST(ExactJson, ReadsWhatBoostReads) {
  for (const char* text :
       {"null", "true", "[]", "{}", R"({"a": [1, -2, 18446744073709551615, "x\ny", {"b": false}]})",
        R"("\u00e9\ud83d\ude00")", "  [ 1 ,2]  "}) {
    EXPECT_EQ(ParseExactly(text), boost::json::parse(text)) << text;
  }
  for (const char* text : {"", "{", "[1,]", "nul", "1 2", "\"\xFF\""}) {
    EXPECT_FALSE(ParseExactly(text)) << text;
  }
}

TEST(ExactJson, GivesBackEveryDoubleThatWasWritten) {
  const bool held = rc::check([] {
    const auto bits = *rc::gen::arbitrary<std::uint64_t>();
    const auto spread = bits * 0x9E3779B97F4A7C15u;  // rapidcheck begins with small numbers
    double number = 0;
    std::memcpy(&number, &spread, sizeof number);
    RC_PRE(std::isfinite(number));
    const auto read = ParseExactly(boost::json::serialize(boost::json::value(number)));
    RC_ASSERT(read.has_value());
    RC_ASSERT(read->is_double());
    RC_ASSERT(read->as_double() == number);
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace weir::resources
