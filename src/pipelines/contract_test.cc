#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "datasets/check_results.h"
#include "pipelines/testing/ingest_home.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

std::string Source(std::string_view merge) {
  return fmt::format(R"({{"read": {{"kind": "Csv", "schema": {{"fields": [
    {{"name": "city", "type": {{"kind": "Option", "inner": "String"}}}},
    {{"name": "people", "type": {{"kind": "Option", "inner": "Int64"}}}}]}}}}, "merge": {}}})",
                     merge);
}

const std::string kAppend = Source(R"({"kind": "Append"})");
const std::string kSnapshot = Source(R"({"kind": "Snapshot", "primaryKey": ["city"]})");

std::vector<datasets::CheckedCommit> Results(IngestHome& home) {
  const auto snapshot = home.chains().store().Read(home.context()).value();
  return datasets::ReadCheckedCommits(*snapshot, IngestHome::id()).value();
}

TEST(Contracts, RefuseAWholeBatchForOneRow) {
  IngestHome home(kAppend);
  home.Promise(R"([{"notNull": ["city"]}, {"range": {"column": "people", "min": 0}}])");
  const auto before = home.record().chain.head;
  const auto refused = home.Push("a,1\n,2\nb,-3\n");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(refused.error().message,
            "cities refuses input.txt: check notNull(city): 1 row: city is null (row 2: null); "
            "check range(people): 1 row: people is below 0 (row 3: -3)");
  EXPECT_EQ(home.record().chain.head, before);
  ASSERT_EQ(Results(home).size(), 1u);
  EXPECT_FALSE(Results(home)[0].block);
  EXPECT_EQ(Results(home)[0].results[1].status, datasets::CheckStatus::kRefused);
  EXPECT_EQ(Results(home)[0].results[1].message, "1 row: people is below 0");  // without its value
}

TEST(Contracts, KeepTheResultsOfEachCommit) {
  IngestHome home(kAppend);
  home.Promise(R"([{"unique": ["city"]}, {"rowCount": {"max": 1}, "onFail": "warn"}])");
  ASSERT_TRUE(IsOk(home.Push("a,1\n")));
  const auto second = home.Push("b,1\n");
  ASSERT_TRUE(IsOk(second));
  EXPECT_THAT(second->warnings,
              testing::ElementsAre("check rowCount: the dataset would have 2 rows, more than 1"));
  const auto commits = Results(home);
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits[0].block, second->new_head);
  EXPECT_EQ(commits[0].results[0].status, datasets::CheckStatus::kPassed);
  EXPECT_EQ(commits[0].results[0].failing, 0u);
  EXPECT_EQ(commits[0].results[1].status, datasets::CheckStatus::kWarned);
  EXPECT_FALSE(commits[0].results[1].failing);
}

TEST(Contracts, ForgetTheOldestResults) {
  IngestHome home(kAppend);
  home.Promise(R"([{"notNull": ["city"]}])");
  const auto add = [&] {
    return home.chains().store().Transact(home.context(), [](control::Transaction& transaction) {
      return datasets::PutCheckedCommit(transaction, IngestHome::id(), {});
    });
  };
  for (std::size_t i = 0; i < datasets::kMostCheckedCommits + 20; ++i) ASSERT_TRUE(IsOk(add()));
  EXPECT_EQ(Results(home).size(), datasets::kMostCheckedCommits);
}

TEST(Contracts, SeeRowsOfTheStateBefore) {
  IngestHome home(kAppend);
  home.Promise(R"([{"unique": ["city"]},
    {"name": "few", "sql": {"query": "SELECT count(*) AS n FROM this HAVING n > 3"}}])");
  ASSERT_TRUE(IsOk(home.Push("a,1\nb,2\n")));
  const auto again = home.Push("c,1\na,2\n");
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message,
              HasSubstr("check unique(city): 1 row: city is there more than once (row 2: a)"));
  const auto many = home.Push("c,1\nd,2\n");
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().message, HasSubstr(R"(check few: the query returns 1 row ({"n":4}))"));
}

TEST(Contracts, LookAtWhatASnapshotLeavesOver) {
  IngestHome home(kSnapshot);
  home.Promise(R"([{"unique": ["people"]}, {"rowCount": {"min": 2, "max": 2}}])", {"city"});
  ASSERT_TRUE(IsOk(home.Push("a,1\nb,2\n")));
  ASSERT_TRUE(IsOk(home.Push("a,2\nb,1\n")));  // they change places
  ASSERT_TRUE(IsOk(home.Push("a,2\nc,1\n")));
  const auto fewer = home.Push("a,2\n");
  ASSERT_FALSE(fewer);
  EXPECT_THAT(fewer.error().message, HasSubstr("the dataset would have 1 row, fewer than 2"));
  EXPECT_EQ(home.Query("SELECT city FROM cities ORDER BY 1"), "a\nc\n");
}

TEST(Contracts, CountTheRowsOfABatchAlsoWhenNoneIsNew) {
  IngestHome home(kSnapshot);
  home.Promise(R"([{"rowCount": {"of": "batch", "min": 2}}])", {"city"});
  ASSERT_TRUE(IsOk(home.Push("a,1\nb,2\n")));
  ASSERT_TRUE(IsOk(home.Push("a,1\nb,3\n")));  // one of two is new
  const auto again = home.Push("a,1\nb,3\n");
  ASSERT_TRUE(IsOk(again));
  EXPECT_FALSE(again->is_committed);
  const auto half = home.Push("a,1\n");
  ASSERT_FALSE(half);
  EXPECT_THAT(half.error().message, HasSubstr("the batch has 1 row, fewer than 2"));
}

TEST(Contracts, RefuseABatchThatIsTooOld) {
  IngestHome home(R"({"read": {"kind": "Csv", "schema": {"fields": [
    {"name": "event_time", "type": {"kind": "Timestamp", "unit": "Millisecond"}},
    {"name": "city", "type": "String"}]}}, "merge": {"kind": "Append"}})");
  home.Promise(R"([{"freshness": {"maxAge": "2d"}}])");
  const auto old = home.Push("2025-12-01T00:00:00Z,a\n");
  ASSERT_FALSE(old);
  EXPECT_THAT(old.error().message, HasSubstr("the newest event is of 2025-12-01T00:00:00Z, 31 days "
                                             "old, more than 2 days"));
  EXPECT_TRUE(IsOk(home.Push("2025-12-01T00:00:00Z,a\n2025-12-31T00:00:00Z,b\n")));
}

TEST(Contracts, NumberTheRowsOfAnInputThatIsNotInOrder) {
  IngestHome home(R"({"read": {"kind": "Csv", "schema": {"fields": [
    {"name": "event_time", "type": {"kind": "Timestamp", "unit": "Millisecond"}},
    {"name": "city", "type": {"kind": "Option", "inner": "String"}}]}},
    "merge": {"kind": "Append"}})");
  home.Promise(R"([{"notNull": ["city"], "onFail": "quarantine"}])");
  const auto report =
      home.Push("2025-12-03T00:00:00Z,a\n2025-12-02T00:00:00Z,\n2025-12-01T00:00:00Z,c\n");
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->rows, 2u);
  EXPECT_EQ(home.Query("SELECT position, record->>'event_time' FROM quarantine"),
            "row 2 2025-12-02 00:00:00+00\n");
}

TEST(Contracts, AskNothingOfARowThatIsThereAlready) {
  IngestHome home(kSnapshot);
  ASSERT_TRUE(IsOk(home.Push("a,-1\nb,2\n")));
  home.Promise(R"([{"range": {"column": "people", "min": 0}}])", {"city"});
  EXPECT_TRUE(IsOk(home.Push("a,-1\nb,3\n")));
  EXPECT_FALSE(home.Push("a,-2\nb,3\n"));
}

TEST(Contracts, CommitNothingWhenACheckCannotBeAsked) {
  IngestHome home(kAppend);
  home.Promise(R"([{"name": "x", "sql": {"query": "SELECT error('no ' || city) FROM new_rows"},
                    "onFail": "warn"}])");
  const auto failed = home.Push("a,1\n");
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().message, HasSubstr("check x cannot be asked: "));
  EXPECT_FALSE(home.record().chain.has_data);
  home.Promise(R"([{"notNull": ["nowhere"]}])");
  const auto missing = home.Push("a,1\n");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message,
            "check notNull(nowhere) names a column nowhere, which the rows do not have");
}

// Nor are the rows put aside that another check had found.
TEST(Contracts, PutNothingAsideWhenACheckCannotBeAsked) {
  IngestHome home(kAppend);
  home.Promise(R"([{"notNull": ["city"], "onFail": "quarantine"},
                   {"name": "x", "sql": {"query": "SELECT CAST(city AS INTEGER) FROM this"}}])");
  EXPECT_EQ(CodeOf(home.Push("a,1\n,2\n")), ErrorCode::kInvalid);
  EXPECT_FALSE(home.record().chain.has_data);
  EXPECT_FALSE(
      home.chains().Read(home.context(), IngestHome::quarantine_id()).value().chain.has_data);
  home.Promise(R"([{"notNull": ["city"], "onFail": "quarantine"}])");
  ASSERT_TRUE(IsOk(home.Push("a,1\n,2\n")));
  EXPECT_EQ(home.Query("SELECT record->>'people' FROM quarantine"), "2\n");
}

// The commit, the rows in quarantine and the results are one transaction.
TEST(Contracts, PutNothingAsideWhenTheCommitFails) {
  IngestHome home(kAppend);
  home.Promise(R"([{"notNull": ["city"], "onFail": "quarantine"}])");
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    home.files().FailCall(failing);
    const auto report = home.Push("a,1\n,2\n");
    const bool has_data = home.record().chain.has_data;
    const auto aside = home.chains().Read(home.context(), IngestHome::quarantine_id()).value();
    EXPECT_EQ(has_data, aside.chain.has_data);
    EXPECT_EQ(has_data, Results(home).size() == 1);
    if (report) break;
    ASSERT_FALSE(has_data);
  }
  EXPECT_EQ(home.Query("SELECT record->>'people' FROM quarantine"), "2\n");
}

}  // namespace
}  // namespace weir::pipelines
