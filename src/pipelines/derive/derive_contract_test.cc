#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/check_results.h"
#include "datasets/testing/dataset_home.h"
#include "pipelines/derive/derive.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using datasets::CheckStatus;
using testing::HasSubstr;

constexpr const char* kSnapshot = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "v DOUBLE"]}, "merge": {"kind": "Snapshot", "primaryKey": ["k"]}})";

class DeriveContractTest : public ::testing::Test {
 protected:
  void SetUp() override {
    home_.AddRoot(1, kSnapshot);
    home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v * 2 AS w FROM a");
    home_.AddDerivative(4, {{"m", 3}}, "SELECT sum(w) AS total FROM m");
  }

  std::vector<datasets::CheckedCommit> Results() {
    const auto snapshot = home_.chains().store().Read(Context::Background()).value();
    return datasets::ReadCheckedCommits(*snapshot, datasets::DatasetHome::IdOf(3)).value();
  }

  static constexpr const char* kGood = "{\"k\": 1, \"v\": 1}\n{\"k\": 2, \"v\": 2}\n";

  DeriveHome home_;
};

// Goal: rows that fail a check are never seen. Method: every kind of check, each with an input that
// breaks it; after each the dataset and what reads it are what they were.
TEST_F(DeriveContractTest, WhatFailsACheckIsNotCommitted) {
  struct Fault {
    const char* checks;
    const char* rows;
    const char* message;
  };
  for (const Fault& fault : std::vector<Fault>{
           {R"([{"notNull": ["w"]}])", "{\"k\": 1}\n", "w is null"},
           {R"([{"range": {"column": "w", "max": 100}}])", "{\"k\": 1, \"v\": 51}\n", "above 100"},
           {R"([{"acceptedValues": {"column": "k", "values": [1, 2]}}])", "{\"k\": 3, \"v\": 1}\n",
            "check acceptedValues(k)"},
           {R"([{"unique": ["w"]}])", "{\"k\": 5, \"v\": 1}\n{\"k\": 6, \"v\": 1}\n",
            "more than once"},
           {R"([{"rowCount": {"min": 2}}])", "{\"k\": 1, \"v\": 1}\n", "fewer than 2"},
           {R"([{"rowCount": {"of": "batch", "max": 3}}])",
            "{\"k\": 5}\n{\"k\": 6}\n{\"k\": 7}\n{\"k\": 8}\n", "more than 3"},
           {R"([{"sql": {"query": "SELECT * FROM this WHERE w > 7"}}])", "{\"k\": 1, \"v\": 4}\n",
            "returns 1 row"}}) {
    SCOPED_TRACE(fault.checks);
    DeriveHome home;
    home.AddRoot(1, kSnapshot);
    home.AddDerivative(3, {{"a", 1}}, "SELECT k, v * 2 AS w FROM a");
    home.Promise(3, fault.checks);
    ASSERT_TRUE(IsOk(home.Push(1, kGood)));
    ASSERT_TRUE(IsOk(home.Update(3)));
    const std::string before = home.Rows(3);
    const auto head = home.Record(3).chain.head;
    ASSERT_TRUE(IsOk(home.Push(1, fault.rows)));
    const auto refused = home.Update(3);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
    EXPECT_THAT(refused.error().message, HasSubstr("made refuses what its inputs bring"));
    EXPECT_THAT(refused.error().message, HasSubstr(fault.message));
    EXPECT_EQ(home.Record(3).chain.head, head);
    EXPECT_EQ(home.Rows(3), before);
  }
}

TEST_F(DeriveContractTest, WhatIsMendedUpstreamIsTakenAndStillVerifies) {
  home_.Promise(3, R"([{"range": {"column": "w", "max": 100}}])");
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  ASSERT_TRUE(IsOk(home_.Push(1, "{\"k\": 1, \"v\": 99}\n{\"k\": 2, \"v\": 2}\n")));
  ASSERT_FALSE(home_.Update(3));
  ASSERT_EQ(Results().size(), 2U);
  EXPECT_FALSE(Results().front().block);
  EXPECT_EQ(Results().front().results.front().status, CheckStatus::kRefused);
  // The same is refused again.
  ASSERT_FALSE(home_.Update(3));
  ASSERT_TRUE(IsOk(home_.Push(1, "{\"k\": 1, \"v\": 9}\n{\"k\": 2, \"v\": 2}\n")));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  EXPECT_EQ(Results().front().block, home_.Record(3).chain.head);
  EXPECT_EQ(Results().front().results.front().status, CheckStatus::kPassed);
  EXPECT_THAT(home_.Rows(3), HasSubstr("3 2026-01-01 00:00:00.000000Z 1 18"));
  EXPECT_TRUE(IsOk(home_.Replay(3)));
}

TEST_F(DeriveContractTest, ARefusalIsOverWhenTheRowsWentAgain) {
  home_.Promise(3, R"([{"range": {"column": "w", "max": 100}}])");
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  ASSERT_TRUE(IsOk(home_.Push(1, "{\"k\": 1, \"v\": 99}\n{\"k\": 2, \"v\": 2}\n")));
  ASSERT_FALSE(home_.Update(3));
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  EXPECT_TRUE(Results().front().block);
  EXPECT_EQ(Results().front().results.front().status, CheckStatus::kPassed);
}

TEST_F(DeriveContractTest, AWarningIsKeptAndTold) {
  home_.Promise(3, R"([{"range": {"column": "w", "max": 3}, "onFail": "warn"}])");
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  const auto report = home_.Update(3);
  ASSERT_TRUE(IsOk(report));
  EXPECT_THAT(report->warnings,
              testing::ElementsAre(HasSubstr("check range(w): 1 row: w is above 3")));
  EXPECT_EQ(Results().front().results.front().status, CheckStatus::kWarned);
  EXPECT_EQ(Results().front().block, report->new_head);
}

TEST_F(DeriveContractTest, ACheckThatCannotBeAskedRefuses) {
  home_.Promise(3, R"([{"notNull": ["nothing"], "onFail": "warn"}])");
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  const auto refused = home_.Update(3);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("nothing"));
  EXPECT_FALSE(home_.Record(3).chain.has_data);
}

// Goal: a check whose query fails refuses as one that fails does, whatever its onFail says, and is
// over once the contract is mended. Method: queries that come to grief over a row, each in a
// derivative that has rows and one that has none yet.
TEST_F(DeriveContractTest, ACheckWhoseQueryFailsRefusesUntilTheContractIsMended) {
  for (const char* query : {"SELECT * FROM this WHERE CAST('w' || w AS INTEGER) > 0",
                            "SELECT CAST(w * 100000000000 AS INTEGER) FROM new_rows",
                            "SELECT error('no') FROM this WHERE w > 7"}) {
    for (const bool has_rows : {false, true}) {
      SCOPED_TRACE(query);
      DeriveHome home;
      home.AddRoot(1, kSnapshot);
      home.AddDerivative(3, {{"a", 1}}, "SELECT k, v * 2 AS w FROM a");
      if (has_rows) {
        ASSERT_TRUE(IsOk(home.Push(1, kGood)));
        ASSERT_TRUE(IsOk(home.Update(3)));
      }
      const auto before = home.Hashes(3);
      const auto head = home.Record(3).chain.head;
      home.Promise(3, fmt::format(R"([{{"name": "grief", "sql": {{"query": "{}"}},
                                       "onFail": "warn"}}])",
                                  query));
      ASSERT_TRUE(IsOk(home.Push(1, "{\"k\": 1, \"v\": 5}\n")));
      for (int attempt = 0; attempt < 2; ++attempt) {
        const auto refused = home.Update(3);
        ASSERT_EQ(CodeOf(refused), ErrorCode::kInvalid);
        EXPECT_THAT(refused.error().message, HasSubstr("check grief cannot be asked: "));
        EXPECT_EQ(home.Record(3).chain.head, head);
        EXPECT_EQ(home.Hashes(3), before);
      }
      home.Promise(3, R"([{"sql": {"query": "SELECT * FROM this WHERE w > 100"}}])");
      ASSERT_TRUE(IsOk(home.Update(3)));
      EXPECT_EQ(home.Hashes(3).size(), before.size() + 1);
      EXPECT_TRUE(IsOk(home.Verify(3)));
    }
  }
}

// Its rows have no event time of their own, so the watermark of its inputs says how new they are,
// and not when they were computed.
TEST_F(DeriveContractTest, FreshnessIsThatOfTheInputs) {
  home_.Promise(3, R"([{"freshness": {"maxAge": "2d"}}])");
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  home_.clock().Advance(std::chrono::hours(24 * 3));
  home_.AddDerivative(3, {{"a", 1}}, "SELECT k, v * 3 AS w FROM a");
  const auto refused = home_.Update(3);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("3 days old"));
  ASSERT_TRUE(IsOk(home_.Push(1, "{\"k\": 1, \"v\": 5}\n{\"k\": 2, \"v\": 2}\n")));
  ASSERT_TRUE(IsOk(home_.Update(3)));
}

// Goal: no fault lets through what is refused, nor loses what is not. Method: fail one file call
// after the other in an update that passes and one that does not.
TEST_F(DeriveContractTest, AFaultWhileCheckingLeavesAllAsItWas) {
  home_.Promise(3, R"([{"range": {"column": "w", "max": 100}}])");
  ASSERT_TRUE(IsOk(home_.Push(1, kGood)));
  ASSERT_TRUE(IsOk(home_.Update(3)));
  ASSERT_TRUE(IsOk(home_.Push(1, "{\"k\": 1, \"v\": 99}\n{\"k\": 2, \"v\": 2}\n")));
  const auto head = home_.Record(3).chain.head;
  for (int failing = 0; failing < 8; ++failing) {
    SCOPED_TRACE(failing);
    home_.files().FailCall(failing);
    ASSERT_FALSE(home_.Update(3));
    EXPECT_EQ(home_.Record(3).chain.head, head);
    home_.Reopen();
  }
  ASSERT_TRUE(IsOk(home_.Push(1, "{\"k\": 1, \"v\": 9}\n{\"k\": 2, \"v\": 2}\n")));
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    home_.files().FailCall(failing);
    if (home_.Update(3)) break;
    EXPECT_EQ(home_.Record(3).chain.head, head);
    home_.Reopen();
  }
  EXPECT_THAT(home_.Rows(3), HasSubstr("3 2026-01-01 00:00:00.000000Z 1 18"));
}

}  // namespace
}  // namespace weir::pipelines
