#include "pipelines/derive/batch_step.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

constexpr const char* kEngine = "datafusion";
constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["event_time TIMESTAMP", "k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Append"}})";
constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["event_time TIMESTAMP", "k INT", "g STRING", "v DOUBLE"]},
    "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";

std::string Row(int k, double v, const char* g = "x") {
  return fmt::format(R"({{"event_time": "2020-01-01T00:00:{:02}Z", "k": {}, "g": "{}", "v": {}}})",
                     k % 60, k, g, v) +
         "\n";
}

class BatchStep : public ::testing::Test {
 protected:
  void SetUp() override {
    home_.AddRoot(1, kAppend);
    home_.AddRoot(2, kSnapshot);
  }
  void Derive(const std::string& sql, const std::vector<DeriveHome::Input>& inputs = {{"a", 1}}) {
    home_.AddDerivative(3, inputs, sql, kEngine);
  }
  void Push(std::uint8_t number, const std::string& rows) {
    ASSERT_TRUE(IsOk(home_.Push(number, rows)));
  }
  IngestReport Update() {
    const auto report = home_.Update(3);
    EXPECT_TRUE(IsOk(report));
    return report ? *report : IngestReport{};
  }
  Error Refused() {
    const auto refused = home_.Update(3);
    EXPECT_FALSE(refused);
    return refused ? Internal("it passed") : refused.error();
  }

  DeriveHome home_;
};

TEST_F(BatchStep, EachBatchIsLookedAtOnce) {
  Derive("SELECT event_time, k / 2 AS half, v FROM a WHERE v > 1");
  EXPECT_FALSE(Update().is_committed);  // there is no data yet
  Push(1, Row(1, 1) + Row(5, 2));
  EXPECT_EQ(Update().rows, 1U);
  EXPECT_FALSE(Update().is_committed);
  Push(1, Row(7, 3));
  Push(1, Row(6, 4));
  EXPECT_EQ(Update().rows, 2U);
  EXPECT_EQ(home_.Rows(3),
            "0 2020-01-01 00:00:05.000000Z 2 2\n"
            "0 2020-01-01 00:00:07.000000Z 3 3\n"
            "0 2020-01-01 00:00:06.000000Z 3 4\n");
  EXPECT_EQ(home_.Record(3).chain.watermark, home_.Record(1).chain.watermark);
}

TEST_F(BatchStep, SystemColumnsAreThereAndOperationsPassThrough) {
  Derive("SELECT op, event_time, k, g FROM b WHERE \"offset\" >= 0 AND system_time IS NOT NULL",
         {{"b", 2}});
  Push(2, Row(1, 0, "x") + Row(2, 0, "y"));
  Update();
  Push(2, Row(1, 0, "z"));  // 2 is gone
  EXPECT_EQ(Update().rows, 3U);
  EXPECT_EQ(home_.Rows(3),
            "0 2020-01-01 00:00:01.000000Z 1 x\n"
            "0 2020-01-01 00:00:02.000000Z 2 y\n"
            "2 2020-01-01 00:00:01.000000Z 1 x\n"
            "3 2020-01-01 00:00:01.000000Z 1 z\n"
            "1 2020-01-01 00:00:02.000000Z 2 y\n");
  home_.AddDerivative(4, {{"t", 3}}, "SELECT k, g FROM t");
  ASSERT_TRUE(IsOk(home_.Update(4)));
  EXPECT_THAT(home_.Rows(4), testing::EndsWith(" 1 z\n"));
}

TEST_F(BatchStep, AChangedQueryIsForWhatComes) {
  Derive("SELECT event_time, k, v FROM a");
  Push(1, Row(1, 1));
  Update();
  Derive("SELECT event_time, k * 10 AS k, v FROM a");
  EXPECT_FALSE(Update().is_committed);
  Derive("SELECT event_time, CAST(k AS INT) + CAST(1 AS INT) AS k, v FROM a");
  Push(1, Row(2, 2));
  EXPECT_EQ(Update().rows, 1U);
  EXPECT_EQ(home_.Rows(3),
            "0 2020-01-01 00:00:01.000000Z 1 1\n"
            "0 2020-01-01 00:00:02.000000Z 3 2\n");
  const auto replayed = home_.Replay(3);
  ASSERT_TRUE(IsOk(replayed));
  EXPECT_EQ(replayed->steps, 2U);
}

TEST_F(BatchStep, StepsAreComputedAgainFromTheIntervalsOfTheirBlocks) {
  home_.AddRoot(5, kAppend);
  home_.AddDerivative(6, {{"a", 1}, {"c", 5}},
                      "SELECT event_time, k, v FROM a WHERE v <> 0 "
                      "UNION ALL SELECT event_time, -k AS k, v FROM c",
                      kEngine);
  const auto update = [&] { ASSERT_TRUE(IsOk(home_.Update(6))); };
  Push(1, Row(1, 1) + Row(2, 0));
  Push(5, Row(3, 1));
  update();
  Push(5, Row(4, 1));
  update();
  Push(1, Row(5, 1));
  Push(5, Row(6, 1));
  update();
  EXPECT_EQ(home_.Rows(6),
            "0 2020-01-01 00:00:01.000000Z 1 1\n"
            "0 2020-01-01 00:00:03.000000Z -3 1\n"
            "0 2020-01-01 00:00:04.000000Z -4 1\n"
            "0 2020-01-01 00:00:05.000000Z 5 1\n"
            "0 2020-01-01 00:00:06.000000Z -6 1\n");
  const auto verified = home_.Verify(6);
  ASSERT_TRUE(IsOk(verified));
  EXPECT_EQ(verified->steps, 3U);
  home_.Publish();
  const auto objects = home_.Objects(6);
  for (const auto& [name, content] : objects) {
    if (name.starts_with("data/")) home_.Remove(6, name);
  }
  home_.Reopen();
  ASSERT_TRUE(IsOk(home_.Rebuild({6})));
  EXPECT_EQ(home_.Objects(6), objects);
}

// Goal: rows of a row-wise query do not depend on how the input came. Method: the same rows in one
// batch and in many.
TEST_F(BatchStep, RowsAreTheSameHoweverTheInputIsCut) {
  const std::string sql = "SELECT event_time, k, v * 1.5 AS v FROM a WHERE k % 3 <> 0";
  Derive(sql);
  for (int k = 0; k < 40; ++k) {
    Push(1, Row(k, k * 0.1) + Row(100 - k, 1));
    if (k % 7 == 0) Update();
  }
  Update();
  home_.AddDerivative(4, {{"a", 1}}, sql, kEngine);
  ASSERT_TRUE(IsOk(home_.Update(4)));
  EXPECT_EQ(home_.Rows(3), home_.Rows(4));
  EXPECT_NE(home_.Hashes(3), home_.Hashes(4));
}

TEST_F(BatchStep, SaysWhatAQueryMustGive) {
  Push(1, Row(1, 1));
  Derive("SELECT k, v FROM a");
  EXPECT_THAT(Refused().message, HasSubstr("gives no column event_time"));
  Derive("SELECT * FROM a");
  const Error star = Refused();
  EXPECT_THAT(star.message, HasSubstr("gives a column offset"));
  EXPECT_THAT(star.hint, HasSubstr("EXCLUDE"));
  Derive("SELECT * EXCLUDE (\"offset\", system_time, op) FROM a");
  EXPECT_EQ(Update().rows, 1U);
  Derive("SELECT event_time, k FROM a");
  Push(1, Row(2, 1));
  EXPECT_THAT(Refused().message, HasSubstr("lacks the column g"));
  Derive("SELECT sum(k) AS k, max(event_time) AS event_time FROM a");
  EXPECT_EQ(Refused().code, ErrorCode::kDenied);
}

TEST_F(BatchStep, ABadRowIsNamed) {
  Derive("SELECT event_time, 10 / k AS v FROM a");
  Push(1, Row(1, 1));
  Update();
  Push(1, Row(5, 1) + Row(0, 1) + Row(6, 1));
  const Error error = Refused();
  EXPECT_THAT(error.message, HasSubstr("row 2 of input a"));
  EXPECT_THAT(error.message, HasSubstr("division by zero"));
  EXPECT_EQ(home_.Rows(3), "0 2020-01-01 00:00:01.000000Z 10\n");
}

TEST_F(BatchStep, IsExplained) {
  Derive("SELECT event_time, k FROM a");
  Push(1, Row(1, 1));
  const auto plan = home_.Explain(3);
  ASSERT_TRUE(IsOk(plan));
  EXPECT_TRUE((*plan)->is_by_batch);
}

// Goal: going from one engine to the other continues what is there. Method: by batches, then by
// difference, which compares with the rows that batches made, and back.
TEST_F(BatchStep, EnginesFollowEachOther) {
  Derive("SELECT event_time, k FROM a");
  Push(1, Row(1, 1) + Row(2, 2));
  Update();
  home_.AddDerivative(3, {{"a", 1}}, "SELECT event_time, k FROM a WHERE k <> 1");
  EXPECT_EQ(Update().rows, 1U);
  Derive("SELECT event_time, k FROM a");
  Push(1, Row(3, 1));
  EXPECT_EQ(Update().rows, 1U);
  EXPECT_EQ(home_.Rows(3),
            "0 2020-01-01 00:00:01.000000Z 1\n"
            "0 2020-01-01 00:00:02.000000Z 2\n"
            "1 2020-01-01 00:00:01.000000Z 1\n"
            "0 2020-01-01 00:00:03.000000Z 3\n");
  EXPECT_TRUE(IsOk(home_.Verify(3)));
}

}  // namespace
}  // namespace weir::pipelines
