#include "pipelines/derive/derive.h"

#include <gtest/gtest.h>

#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Append"}})";
constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "name STRING"]}, "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";

class DeriveTest : public ::testing::Test {
 protected:
  void SetUp() override {
    home_.AddRoot(1, kAppend);
    home_.AddRoot(2, kSnapshot);
  }
  IngestReport Update(std::uint8_t number) {
    auto report = home_.Update(number);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : IngestReport{};
  }
  void Push(std::uint8_t number, const std::string& rows) {
    const auto pushed = home_.Push(number, rows);
    ASSERT_TRUE(pushed) << pushed.error().message;
  }

  DeriveHome home_;
};

TEST_F(DeriveTest, AFilterFollowsItsInput) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v * 2 AS w FROM a WHERE v > 1");
  EXPECT_FALSE(Update(3).is_committed);  // there is no data yet
  Push(1, "{\"k\": 1, \"v\": 1}\n{\"k\": 2, \"v\": 2.5}\n");
  EXPECT_EQ(Update(3).rows, 1U);
  Push(1, "{\"k\": 3, \"v\": 3}\n");
  EXPECT_EQ(Update(3).rows, 1U);
  EXPECT_FALSE(Update(3).is_committed);
  EXPECT_EQ(home_.Rows(3),
            "0 2026-01-01 00:00:00.000000Z 2 5\n"
            "0 2026-01-01 00:00:00.000000Z 3 6\n");
}

TEST_F(DeriveTest, EventsAreReadByTheirNameInAnyCase) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, \"offset\" AS place FROM a$EVENTS");
  Push(1, "{\"k\": 1}\n");
  Update(3);
  EXPECT_EQ(home_.Rows(3), "0 2026-01-01 00:00:00.000000Z 1 0\n");
}

TEST_F(DeriveTest, OfAKeyThatCameTwiceTheLastRowCountsInTheOldStateToo) {
  home_.AddDerivative(3, {{"a", 1}, {"b", 2}},
                      "SELECT k, name FROM b WHERE k IN (SELECT k FROM a)");
  Push(1, "{\"k\": 1}\n");
  Push(2, "{\"k\": 1, \"name\": \"x\"}\n{\"k\": 1, \"name\": \"y\"}\n");
  EXPECT_EQ(Update(3).rows, 1U);
  Push(1, "{\"k\": 1, \"v\": 1}\n");
  EXPECT_EQ(Update(3).rows, 0U);
  EXPECT_EQ(home_.Rows(3), "0 2026-01-01 00:00:00.000000Z 1 y\n");
}

TEST_F(DeriveTest, AGroupThatChangedIsACorrection) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT g, sum(v) AS total, count(*) AS n FROM a GROUP BY g");
  Push(1, "{\"k\": 1, \"g\": \"x\", \"v\": 1}\n{\"k\": 2, \"g\": \"y\", \"v\": 2}\n");
  EXPECT_EQ(Update(3).rows, 2U);
  Push(1, "{\"k\": 3, \"g\": \"y\", \"v\": 0.5}\n{\"k\": 4, \"v\": 7}\n");
  EXPECT_EQ(Update(3).rows, 3U);
  EXPECT_EQ(home_.Rows(3),
            "0 2026-01-01 00:00:00.000000Z x 1 1\n"
            "0 2026-01-01 00:00:00.000000Z y 2 1\n"
            "0 2026-01-01 00:00:00.000000Z null 7 1\n"
            "2 2026-01-01 00:00:00.000000Z y 2 1\n"
            "3 2026-01-01 00:00:00.000000Z y 2.5 2\n");
}

TEST_F(DeriveTest, AJoinFollowsBothSides) {
  home_.AddDerivative(3, {{"a", 1}, {"b", 2}},
                      "SELECT a.k, b.name FROM a LEFT JOIN b ON a.k = b.k");
  Push(1, "{\"k\": 1}\n{\"k\": 2}\n");
  EXPECT_FALSE(Update(3).is_committed);  // b has no columns yet
  Push(2, "{\"k\": 1, \"name\": \"one\"}\n");
  EXPECT_EQ(Update(3).rows, 2U);
  Push(2, "{\"k\": 1, \"name\": \"uno\"}\n{\"k\": 2, \"name\": \"dos\"}\n");
  EXPECT_EQ(Update(3).rows, 4U);
  EXPECT_EQ(home_.Rows(3),
            "0 2026-01-01 00:00:00.000000Z 1 one\n"
            "0 2026-01-01 00:00:00.000000Z 2 null\n"
            "0 2026-01-01 00:00:00.000000Z 1 uno\n"
            "0 2026-01-01 00:00:00.000000Z 2 dos\n"
            "1 2026-01-01 00:00:00.000000Z 1 one\n"
            "1 2026-01-01 00:00:00.000000Z 2 null\n");
}

TEST_F(DeriveTest, AChangedQueryContinuesByDifference) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v FROM a");
  Push(1, "{\"k\": 1, \"v\": 1}\n{\"k\": 2, \"v\": 2}\n");
  Update(3);
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v FROM a WHERE k <> 1");
  EXPECT_EQ(Update(3).rows, 1U);
  EXPECT_EQ(home_.Rows(3),
            "0 2026-01-01 00:00:00.000000Z 1 1\n"
            "0 2026-01-01 00:00:00.000000Z 2 2\n"
            "1 2026-01-01 00:00:00.000000Z 1 1\n");
}

TEST_F(DeriveTest, KeepsAnEventTimeOfItsOwn) {
  home_.AddDerivative(3, {{"a", 1}},
                      "SELECT make_timestamptz(k * 1000000) AS event_time, v FROM a");
  Push(1, "{\"k\": 1, \"v\": 1}\n");
  EXPECT_EQ(Update(3).rows, 1U);
  EXPECT_EQ(home_.Rows(3), "0 1970-01-01 00:00:01.000000Z 1\n");
  Push(1, "{\"v\": 1}\n");
  const auto refused = home_.Update(3);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no event time"), std::string::npos)
      << refused.error().message;
}

TEST_F(DeriveTest, WatermarksAreTheSmallestOfTheInputs) {
  home_.AddDerivative(3, {{"a", 1}, {"b", 2}}, "SELECT a.k, b.name FROM a JOIN b USING (k)");
  Push(1, "{\"k\": 1}\n");
  home_.clock().Advance(std::chrono::seconds(10));
  Push(2, "{\"k\": 1, \"name\": \"one\"}\n");
  Update(3);
  EXPECT_EQ(home_.Record(3).chain.watermark, home_.Record(1).chain.watermark);
}

TEST_F(DeriveTest, ADerivativeOfADerivativeFollows) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT g, sum(v) AS total FROM a GROUP BY g");
  home_.AddDerivative(4, {{"t", 3}}, "SELECT max(total) AS most FROM t");
  Push(1, "{\"k\": 1, \"g\": \"x\", \"v\": 1}\n{\"k\": 2, \"g\": \"y\", \"v\": 2}\n");
  Update(3);
  Update(4);
  Push(1, "{\"k\": 1, \"g\": \"x\", \"v\": 4}\n");
  Update(3);
  Update(4);
  EXPECT_EQ(home_.Rows(4),
            "0 2026-01-01 00:00:00.000000Z 2\n"
            "0 2026-01-01 00:00:00.000000Z 5\n"
            "1 2026-01-01 00:00:00.000000Z 2\n");
}

// Otherwise what comes of a dataset would depend on whether its input ever had rows.
TEST_F(DeriveTest, NoRowsAreAResultThatIsRead) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v FROM a WHERE v > 100");
  home_.AddDerivative(4, {{"t", 3}}, "SELECT count(*) AS n FROM t");
  Push(1, "{\"k\": 1, \"v\": 1}\n");
  EXPECT_EQ(Update(3).rows, 0U);
  EXPECT_EQ(Update(4).rows, 1U);
  Push(1, "{\"k\": 2, \"v\": 200}\n");
  EXPECT_EQ(Update(3).rows, 1U);
  EXPECT_EQ(Update(4).rows, 2U);
  EXPECT_EQ(home_.Rows(4),
            "0 2026-01-01 00:00:00.000000Z 0\n"
            "0 2026-01-01 00:00:00.000000Z 1\n"
            "1 2026-01-01 00:00:00.000000Z 0\n");
  EXPECT_TRUE(home_.Verify(4));
}

TEST_F(DeriveTest, SaysWhatItComputesAgain) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT rank() OVER (ORDER BY v) AS place, k FROM a");
  EXPECT_FALSE(home_.Explain(3)->has_value());
  Push(1, "{\"k\": 1, \"v\": 1}\n");
  const auto plan = home_.Explain(3);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_FALSE((*plan)->is_incremental);
  EXPECT_EQ((*plan)->recomputed, std::vector<std::string>{"a window looks at all rows"});
}

TEST_F(DeriveTest, RefusesWhatIsNotTheSameEverywhere) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT first(v) AS v FROM a");
  Push(1, "{\"k\": 1, \"v\": 1}\n");
  const auto refused = home_.Update(3);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDenied);
}

TEST_F(DeriveTest, EveryStepIsComputedAgainToTheSameRows) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT g, sum(v) AS total FROM a GROUP BY g");
  Push(1, "{\"k\": 1, \"g\": \"x\", \"v\": 0.1}\n{\"k\": 2, \"g\": \"y\", \"v\": 2}\n");
  Update(3);
  Push(1, "{\"k\": 1, \"g\": \"x\", \"v\": 0.2}\n");
  Update(3);
  home_.AddDerivative(3, {{"a", 1}}, "SELECT g, max(v) AS total FROM a GROUP BY g");
  Update(3);
  Push(1, "{\"k\": 1, \"g\": \"z\", \"v\": 0.2}\n");
  Update(3);
  const auto replayed = home_.Replay(3);
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_EQ(replayed->steps, 4U);
  EXPECT_EQ(replayed->records, 7U);
}

TEST_F(DeriveTest, AStepOfSomebodyElseThatIsNotSoIsNamed) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v FROM a");
  Push(1, "{\"k\": 1, \"v\": 1}\n{\"k\": 2, \"v\": 2}\n");
  Update(3);
  // The chain of another query, with the blocks of this one.
  home_.AddForged(4, 3, {{"a", 1}}, "SELECT k, v + (k // 2) AS v FROM a");
  const auto replayed = home_.Replay(4);
  ASSERT_FALSE(replayed);
  EXPECT_EQ(replayed.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(replayed.error().message.find("row 1, column v"), std::string::npos)
      << replayed.error().message;
}

}  // namespace
}  // namespace weir::pipelines
