#include "pipelines/revert/revert.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/testing/matchers.h"
#include "pipelines/revert/testing/revert_home.h"

namespace weir::pipelines {
namespace {

std::string SourceBy(std::string_view merge, std::string_view columns = R"("k INT", "v INT")") {
  return fmt::format(R"({{"read": {{"kind": "NdJson", "ddlSchema": [{}]}}, "merge": {}}})", columns,
                     merge);
}

const std::string kAppend = SourceBy(R"({"kind": "Append"})");
const std::string kLedger = SourceBy(R"({"kind": "Ledger", "primaryKey": ["k"]})");
const std::string kSnapshot = SourceBy(R"({"kind": "Snapshot", "primaryKey": ["k"]})");
const std::string kUpsert =
    SourceBy(R"({"kind": "UpsertStream", "primaryKey": ["k"]})", R"("op INT", "k INT", "v INT")");

std::string Row(int key, int value, int op = -1) {
  return fmt::format("{{{}\"k\": {}, \"v\": {}}}\n", op < 0 ? "" : fmt::format("\"op\": {}, ", op),
                     key, value);
}

TEST(Reverter, TakesBackWhatWasAppended) {
  RevertHome home(kAppend);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1) + Row(1, 1))));
  const std::uint64_t good = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1) + Row(2, 2))));
  const auto watermark = home.home().record().chain.watermark;
  const auto report = home.RevertTo(good);
  ASSERT_TRUE(IsOk(report));
  EXPECT_TRUE(report->block.is_committed);
  EXPECT_EQ(report->retracted, 2u);
  EXPECT_EQ(report->appended + report->corrected, 0u);
  EXPECT_EQ(home.State(), "1 1\n1 1\n");
  EXPECT_EQ(home.home().record().chain.watermark, watermark);
}

TEST(Reverter, GivesASnapshotItsRowsAgain) {
  RevertHome home(kSnapshot);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1) + Row(2, 2) + Row(3, 3))));
  const std::uint64_t good = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(2, 20) + Row(3, 3) + Row(4, 4))));
  const auto report = home.RevertTo(good);
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->appended, 1u);   // 1 was gone
  EXPECT_EQ(report->corrected, 1u);  // 2 was changed
  EXPECT_EQ(report->retracted, 1u);  // 4 was new
  EXPECT_EQ(report->block.rows, 4u);
  EXPECT_EQ(home.State(), "1 1\n2 2\n3 3\n");
}

TEST(Reverter, IsUpToDateWhereNothingHasChangedSince) {
  RevertHome home(kSnapshot);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  const std::uint64_t good = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(1, 2))));
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  const auto report = home.RevertTo(good);
  ASSERT_TRUE(IsOk(report));
  EXPECT_FALSE(report->block.is_committed);
  const auto at_head = home.RevertTo(home.head());
  ASSERT_TRUE(IsOk(at_head));
  EXPECT_FALSE(at_head->block.is_committed);
}

TEST(Reverter, IsUndoneByAnotherRevert) {
  RevertHome home(kUpsert);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1, 0) + Row(2, 2, 0))));
  const std::uint64_t good = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(1, 10, 0) + Row(2, 2, 1))));
  const std::uint64_t bad = home.head();
  ASSERT_TRUE(IsOk(home.RevertTo(good)));
  EXPECT_EQ(home.State(), "1 1\n2 2\n");
  ASSERT_TRUE(IsOk(home.RevertOnly(home.head())));
  EXPECT_EQ(home.State(), home.State(bad));
}

TEST(Reverter, EmptiesADatasetThatHadNoRowsThen) {
  RevertHome home(kUpsert);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1, 0) + Row(2, 2, 0))));
  ASSERT_TRUE(IsOk(home.RevertTo(0)));
  EXPECT_EQ(home.State(), "");
}

TEST(Reverter, OnlyCountsInADryRun) {
  RevertHome home(kAppend);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  const std::uint64_t before = home.head();
  const auto report = home.Run({.dataset = IngestHome::id(), .block = 0, .is_dry_run = true});
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->retracted, 1u);
  EXPECT_FALSE(report->block.is_committed);
  EXPECT_EQ(home.head(), before);
}

TEST(Reverter, UndoesALoadInTheMiddle) {
  RevertHome home(kUpsert);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1, 0) + Row(2, 2, 0))));
  ASSERT_TRUE(IsOk(home.Push(Row(1, 10, 0) + Row(2, 2, 1))));
  const std::uint64_t bad = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(3, 3, 0))));
  const auto report = home.RevertOnly(bad);
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->corrected, 1u);
  EXPECT_EQ(report->appended, 1u);
  EXPECT_EQ(home.State(), "1 1\n2 2\n3 3\n");
}

TEST(Reverter, NamesTheKeyAndTheLaterBlockThatStandInTheWay) {
  RevertHome home(kUpsert);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1, 0) + Row(2, 2, 0))));
  const std::uint64_t bad = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(2, 20, 0))));
  const auto report = home.RevertOnly(bad);
  ASSERT_EQ(CodeOf(report), ErrorCode::kConflict);
  EXPECT_EQ(report.error().message,
            fmt::format("block {} cannot be undone alone: block {} changed the row with k = 2", bad,
                        bad + 1));
  EXPECT_NE(report.error().hint.find(fmt::format("--to {}", bad - 1)), std::string::npos);
}

TEST(Reverter, UndoesAppendsWhoseRowsAreStillThere) {
  RevertHome home(kAppend);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1) + Row(2, 2))));
  const std::uint64_t bad = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1) + Row(3, 3))));
  ASSERT_TRUE(IsOk(home.RevertOnly(bad)));
  EXPECT_EQ(home.State(), "1 1\n1 1\n3 3\n");
  // Of the row 2, 2 there is none left to take.
  const auto again = home.RevertOnly(bad);
  ASSERT_EQ(CodeOf(again), ErrorCode::kConflict);
  EXPECT_EQ(again.error().message,
            fmt::format("block {} cannot be undone alone: block {} took the row with k = 2, v = 2",
                        bad, bad + 2));
}

TEST(Reverter, LetsALedgerTakeTheKeysAgainThatWereTakenBack) {
  RevertHome home(kLedger);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  const std::uint64_t good = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(2, 20) + Row(3, 30))));
  ASSERT_TRUE(IsOk(home.RevertTo(good)));
  EXPECT_EQ(home.State(), "1 1\n");
  const auto repaired = home.Push(Row(1, 100) + Row(2, 2) + Row(3, 3));
  ASSERT_TRUE(IsOk(repaired));
  EXPECT_EQ(repaired->rows, 2u);  // 1 is known
  EXPECT_EQ(home.State(), "1 1\n2 2\n3 3\n");
  const auto again = home.Push(Row(2, 200) + Row(3, 300));
  ASSERT_TRUE(IsOk(again));
  EXPECT_FALSE(again->is_committed);
}

TEST(Reverter, LetsASnapshotSayAgainWhatItsSourceHas) {
  RevertHome home(kSnapshot);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  const std::uint64_t good = home.head();
  const std::string bad = Row(1, 10) + Row(2, 2);
  ASSERT_TRUE(IsOk(home.Push(bad)));
  ASSERT_TRUE(IsOk(home.RevertTo(good)));
  ASSERT_TRUE(IsOk(home.Push(bad)));
  EXPECT_EQ(home.State(), "1 10\n2 2\n");
}

TEST(Reverter, LetsAnUpsertGoOnFromTheRowsThatAreThere) {
  RevertHome home(kUpsert);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1, 0))));
  const std::uint64_t good = home.head();
  ASSERT_TRUE(IsOk(home.Push(Row(1, 10, 0) + Row(2, 2, 0))));
  ASSERT_TRUE(IsOk(home.RevertTo(good)));
  const auto same = home.Push(Row(1, 1, 0));
  ASSERT_TRUE(IsOk(same));
  EXPECT_FALSE(same->is_committed);
  ASSERT_TRUE(IsOk(home.Push(Row(2, 3, 0))));
  EXPECT_EQ(home.State(), "1 1\n2 3\n");
}

TEST(Reverter, RefusesBlocksThatAreNotThereOrAddedNoRows) {
  RevertHome home(kAppend);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  EXPECT_EQ(CodeOf(home.RevertTo(99)), ErrorCode::kNotFound);
  const auto seed = home.RevertOnly(0);
  ASSERT_EQ(CodeOf(seed), ErrorCode::kInvalid);
  EXPECT_EQ(seed.error().message, "block 0 is Seed and added no rows: there is nothing to undo");
}

TEST(Reverter, LeavesNothingWhenAFileCannotBeWritten) {
  RevertHome home(kAppend);
  ASSERT_TRUE(IsOk(home.Push(Row(1, 1))));
  const std::uint64_t before = home.head();
  home.home().files().FailCall(0);
  const auto report = home.RevertTo(0);
  if (!report) {
    EXPECT_EQ(home.head(), before);
    ASSERT_TRUE(IsOk(home.RevertTo(0)));
  }
  EXPECT_EQ(home.State(), "");
}

}  // namespace
}  // namespace weir::pipelines
