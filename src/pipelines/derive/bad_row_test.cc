#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/testing/matchers.h"
#include "pipelines/derive/derive.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "t STRING"]}, "merge": {"kind": "Append"}})";
constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "t STRING"]}, "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";

// Rows `first` to `last`, all good but `bad`.
std::string Rows(int first, int last, int bad = -1, std::string_view text = "many") {
  std::string rows;
  for (int row = first; row <= last; ++row) {
    rows += fmt::format("{{\"k\": {}, \"t\": \"{}\"}}\n", row,
                        row == bad ? std::string(text) : std::to_string(row % 100));
  }
  return rows;
}

class BadRow : public ::testing::Test {
 protected:
  void SetUp() override {
    home_.AddRoot(1, kAppend);
    home_.AddRoot(2, kSnapshot);
  }

  void Push(std::uint8_t root, const std::string& rows) {
    ASSERT_TRUE(IsOk(home_.Push(root, rows)));
  }
  Error Refused() {
    const auto refused = home_.Update(3);
    EXPECT_FALSE(refused);
    return refused ? Internal("it passed") : refused.error();
  }

  DeriveHome home_;
};

// WEIR_TEST_ROWS=3000000 makes it as long as the longest that people wait for.
TEST_F(BadRow, IsNamedHoweverFarDownItIs) {
  const char* const asked = std::getenv("WEIR_TEST_ROWS");
  const int rows = asked == nullptr ? 20'000 : std::atoi(asked);
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, CAST(t AS INTEGER) AS n FROM a WHERE k > 0");
  Push(1, Rows(1, rows, rows));
  const Error error = Refused();
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_THAT(error.message, StartsWith(fmt::format("row {} of input a: ", rows)));
  EXPECT_THAT(error.message, HasSubstr("many"));
  EXPECT_THAT(error.hint, HasSubstr(fmt::format("\"offset\" = {}", rows - 1)));
}

TEST_F(BadRow, IsLookedForAmongTheNewRows) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, CAST(t AS INTEGER) AS n FROM a");
  Push(1, Rows(1, 500));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  Push(1, Rows(501, 900, 700));
  EXPECT_THAT(Refused().message, StartsWith("row 700 of input a: "));
}

TEST_F(BadRow, IsFoundBelowGroupsAndJoins) {
  home_.AddDerivative(3, {{"a", 1}, {"b", 2}},
                      "SELECT a.k % 7 AS g, sum(CAST(b.t AS INTEGER) * CAST(a.t AS INTEGER)) AS n "
                      "FROM a JOIN b ON a.k = b.k GROUP BY 1");
  Push(1, Rows(1, 300));
  Push(2, Rows(1, 300, 123));
  EXPECT_THAT(Refused().message, StartsWith("row 123 of input b: "));
}

TEST_F(BadRow, OfAnOverflowIsNamedToo) {
  home_.AddDerivative(3, {{"a", 1}},
                      "SELECT CAST(t AS INTEGER) * CAST(t AS INTEGER) AS n FROM a$events");
  Push(1, Rows(1, 300, 77, "100000"));
  EXPECT_THAT(Refused().message, StartsWith("row 77 of input a: "));
}

TEST_F(BadRow, IsNotLookedForWhereTheQueryDoesNotBind) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT nothing FROM a");
  Push(1, Rows(1, 3));
  EXPECT_THAT(Refused().message, StartsWith("the query: "));
}

}  // namespace
}  // namespace weir::pipelines
