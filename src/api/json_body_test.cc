#include "api/json_body.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/matchers.h"

namespace weir::api {
namespace {

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
}  // namespace weir::api
