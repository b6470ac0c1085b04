#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/check_results.h"
#include "pipelines/revert/revert.h"
#include "pipelines/testing/ingest_home.h"
#include "pipelines/testing/one_table.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

const char* const kSnapshot = R"({"read": {"kind": "Csv", "schema": {"fields": [
    {"name": "city", "type": "String"},
    {"name": "people", "type": {"kind": "Option", "inner": "Int64"}}]}},
    "merge": {"kind": "Snapshot", "primaryKey": ["city"]}})";

// A snapshot that was loaded twice before anybody promised anything.
class RevertContractTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(IsOk(home_.Push("a,-1\nb,2\n")));
    first_ = home_.record().chain.sequence_number;
    ASSERT_TRUE(IsOk(home_.Push("a,1\nb,2\nc,3\n")));
  }

  Result<RevertReport> RevertToFirst() {
    Reverter reverter(home_.chains(), home_.files(), home_.clock(),
                      {.scratch = scratch_.path(), .tables = [this](const Context& asked) {
                         return std::make_unique<OneTable>(asked, home_.chains(), IngestHome::id(),
                                                           std::vector<std::string>{"city"});
                       }});
    return reverter.Run(home_.context(), {.dataset = IngestHome::id(), .block = first_});
  }

  std::vector<datasets::CheckedCommit> Results() {
    const auto snapshot = home_.chains().store().Read(home_.context()).value();
    return datasets::ReadCheckedCommits(*snapshot, IngestHome::id()).value();
  }

  IngestHome home_{kSnapshot};
  TempDir scratch_;
  std::uint64_t first_ = 0;
};

TEST_F(RevertContractTest, WhatBrokeAPromiseDoesNotComeBack) {
  home_.Promise(R"([{"range": {"column": "people", "min": 0}}])", {"city"});
  const auto head = home_.record().chain.head;
  const auto refused = RevertToFirst();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("cities refuses the revert"));
  EXPECT_THAT(refused.error().message, HasSubstr("people is below 0"));
  EXPECT_EQ(home_.record().chain.head, head);
  EXPECT_EQ(home_.Query("SELECT city FROM cities ORDER BY 1"), "a\nb\nc\n");
}

TEST_F(RevertContractTest, NothingIsPutAsideByARevert) {
  home_.Promise(R"([{"range": {"column": "people", "min": 0}, "onFail": "quarantine"}])", {"city"});
  const auto head = home_.record().chain.head;
  EXPECT_FALSE(RevertToFirst());
  EXPECT_EQ(home_.record().chain.head, head);
}

TEST_F(RevertContractTest, ThoseOfALoadAreNotAsked) {
  home_.Promise(R"([{"rowCount": {"of": "batch", "min": 50}}, {"freshness": {"maxAge": "1s"}},
                    {"unique": ["city"]}, {"name": "few", "rowCount": {"max": 2}},
                    {"range": {"column": "people", "min": 0}, "onFail": "warn"}])",
                {"city"});
  home_.clock().Advance(std::chrono::hours(24));
  const auto report = RevertToFirst();
  ASSERT_TRUE(IsOk(report));
  EXPECT_THAT(report->block.warnings, testing::ElementsAre(HasSubstr("people is below 0")));
  EXPECT_EQ(home_.Query("SELECT city, people FROM cities ORDER BY 1"), "a -1\nb 2\n");
  ASSERT_FALSE(Results().empty());
  EXPECT_EQ(Results().front().block, report->block.new_head);
  EXPECT_EQ(Results().front().results.size(), 3U);
}

}  // namespace
}  // namespace weir::pipelines
