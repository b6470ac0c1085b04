#include "datasets/reset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"
#include "base/testing/matchers.h"
#include "datasets/directory.h"
#include "datasets/publisher.h"
#include "datasets/testing/dataset_home.h"
#include "datasets/verify.h"

namespace weir::datasets {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A root with three blocks of rows, published: blocks 3, 4 and 5.
class ResetTest : public ::testing::Test {
 protected:
  ResetTest() {
    records_.push_back(home_.Begin());
    for (int i = 1; i <= 3; ++i) {
      records_.push_back(
          home_.chains().Append(home_.context(), home_.Rows(records_.back(), 10, i, i)).value());
      home_.chains().PublishAll(home_.context()).value();
    }
  }

  Result<ResetReport> ResetTo(std::uint64_t block) {
    return Reset(home_.context(), home_.chains(), {.id = home_.id(), .to = block});
  }
  ChainRecord Now() { return home_.chains().Read(home_.context(), home_.id()).value(); }
  void ExpectIs(const ChainRecord& record) {
    EXPECT_EQ(EncodeHead(Now()), EncodeHead(record));
    EXPECT_EQ(home_.repository().Head(home_.context()).value(), record.chain.head);
    EXPECT_TRUE(IsOk(Verify(home_.context(), home_.chains(), home_.id(), {.data = false})));
  }

  // A derivative that has read the root up to its head.
  odf::DatasetId AddReader(std::uint8_t number, const odf::DatasetId& input) {
    const odf::DatasetId id = DatasetHome::IdOf(number);
    odf::SetTransform transform;
    transform.inputs.push_back({.dataset_ref = input.ToString(), .alias = "i"});
    transform.transform.value = odf::TransformSql{
        .engine = "duckdb", .queries = std::vector{odf::SqlQueryStep{.query = "SELECT 1"}}};
    const ChainRecord read = home_.chains().Read(home_.context(), input).value();
    odf::ExecuteTransform step{.new_watermark = DatasetHome::Second(0)};
    step.query_inputs.push_back({.dataset_id = input,
                                 .new_block_hash = read.chain.head,
                                 .new_offset = read.chain.last_offset});
    AppendRequest request{.id = id, .system_time = DatasetHome::Second(9)};
    const odf::Seed seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kDerivative};
    request.blocks.push_back({.event = {seed}});
    request.blocks.push_back({.event = {std::move(transform)}});
    request.blocks.push_back({.event = {std::move(step)}});
    request.blocks.push_back({.event = {odf::SetInfo{.description = "after its first step"}}});
    home_.chains().Append(home_.context(), request).value();
    const auto named = home_.store().Transact(home_.context(), [&](control::Transaction& all) {
      return PutDataset(all, {.id = id, .workspace = "public", .name = fmt::format("d{}", number)});
    });
    EXPECT_TRUE(IsOk(named));
    return id;
  }

  DatasetHome home_;
  std::vector<ChainRecord> records_;
};

TEST_F(ResetTest, GoesBackToWhatTheChainWasAtTheBlock) {
  const auto report = ResetTo(3);
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->blocks, 2U);
  EXPECT_EQ(report->records, 20U);
  ExpectIs(records_[1]);
  // It goes on from there.
  const auto appended = home_.chains().Append(home_.context(), home_.Rows(Now(), 5, 7));
  ASSERT_TRUE(IsOk(appended));
  EXPECT_EQ(appended->chain.last_offset, 14U);
}

TEST_F(ResetTest, ADryRunTakesNothing) {
  const auto report =
      Reset(home_.context(), home_.chains(), {.id = home_.id(), .to = 4, .is_dry_run = true});
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->blocks, 1U);
  EXPECT_EQ(report->records, 10U);
  ExpectIs(records_[3]);
}

TEST_F(ResetTest, TheHeadAndBlocksBeyondItAreNoPlacesToGoBackTo) {
  EXPECT_EQ(ResetTo(5)->blocks, 0U);
  EXPECT_EQ(CodeOf(ResetTo(6)), ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(Reset(home_.context(), home_.chains(), {.id = home_.id()})),
            ErrorCode::kInvalid);
  ExpectIs(records_[3]);
}

// Goal: a crash leaves the one history or the other. Method: fail the first call of the file
// system, then the second, and so on; cut the power, and open the home again.
TEST_F(ResetTest, AReportedResetStaysAndAnInterruptedOneIsWholeOrNone) {
  for (int failing = 0;; ++failing) {
    SCOPED_TRACE(failing);
    home_.files().FailCall(failing);
    const bool done = bool(ResetTo(3));
    home_.files().CutPower();
    home_.Reopen();
    ASSERT_TRUE(IsOk(ReconcileAll(home_.context(), home_.chains(), nullptr, *Logger::Silent())));
    const bool is_reset = Now().chain.head == records_[1].chain.head;
    EXPECT_TRUE(is_reset || !done);
    ExpectIs(is_reset ? records_[1] : records_[3]);
    if (done) break;
    if (!is_reset) continue;
    for (int i = 2; i <= 3; ++i) {  // as it was
      home_.chains().Append(home_.context(), home_.Rows(records_[i - 1], 10, i, i)).value();
      home_.chains().PublishAll(home_.context()).value();
    }
  }
}

TEST_F(ResetTest, ADerivativeKeepsWhatSaysHowItIsMade) {
  const odf::DatasetId reader = AddReader(8, home_.id());
  const auto report = Reset(home_.context(), home_.chains(), {.id = reader});
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->blocks, 1U);
  const ChainRecord now = home_.chains().Read(home_.context(), reader).value();
  EXPECT_EQ(now.chain.sequence_number, 2U);
  EXPECT_TRUE(now.chain.transform);
  EXPECT_EQ(now.chain.info->description, "after its first step");
  EXPECT_FALSE(now.chain.watermark);
  EXPECT_FALSE(now.chain.inputs.front().block_hash);
  EXPECT_TRUE(IsOk(Verify(home_.context(), home_.chains(), reader, {.data = false})));
}

TEST_F(ResetTest, ThoseWhoHaveReadWhatGoesAreNamedOrStartOver) {
  const odf::DatasetId reader = AddReader(8, home_.id());
  const odf::DatasetId second = AddReader(9, reader);
  const Context context = home_.context();
  const auto at_head =
      ResetWithReaders(context, home_.chains(), {.id = home_.id(), .to = 5}, false);
  ASSERT_TRUE(IsOk(at_head));
  EXPECT_THAT(at_head->diverged, IsEmpty());
  const auto alone = ResetWithReaders(context, home_.chains(), {.id = home_.id(), .to = 4}, false);
  ASSERT_TRUE(IsOk(alone));
  EXPECT_THAT(alone->diverged, ElementsAre(reader));
  // Again, as after an interruption, and this time all of them.
  const auto all = ResetWithReaders(context, home_.chains(), {.id = home_.id(), .to = 4}, true);
  ASSERT_TRUE(IsOk(all));
  ASSERT_EQ(all->done.size(), 3U);
  EXPECT_EQ(all->done[0].blocks, 0U);
  EXPECT_EQ(all->done[1].id, reader);
  EXPECT_EQ(all->done[2].id, second);
  EXPECT_THAT(all->diverged, IsEmpty());
}

}  // namespace
}  // namespace weir::datasets
