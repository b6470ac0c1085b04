#include "pipelines/compact/compact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using datasets::DatasetHome;

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Append"}})";

// A root of six loads with something said between the third and the fourth.
class CompactTest : public ::testing::Test {
 protected:
  CompactTest() {
    home_.AddRoot(1, kAppend);
    for (int i = 0; i < 3; ++i) Load(i);
    datasets::AppendRequest said{.id = DatasetHome::IdOf(1),
                                 .expected_head = home_.Record(1).chain.head,
                                 .system_time = home_.clock().Now()};
    said.blocks.push_back({.event = {odf::SetInfo{.description = "said between"}}});
    home_.chains().Append(Context::Background(), said).value();
    for (int i = 3; i < 6; ++i) Load(i);
    home_.Publish();
  }

  void Load(int i) {
    home_.clock().Advance(std::chrono::seconds(1));
    home_.Push(1, fmt::format("{{\"k\": {}, \"g\": null, \"v\": 0.{}}}\n{{\"k\": {}}}\n", i, i, -i))
        .value();
  }

  Result<CompactReport> Compact(
      CompactRequest request = {},
      const std::function<void(std::uint64_t)>& on_progress = [](std::uint64_t) {}) {
    request.dataset = DatasetHome::IdOf(1);
    return Compactor(home_.chains(), home_.files(), home_.clock(), "/scratch")
        .Run(Context::Background(), request, on_progress);
  }

  DeriveHome home_;
};

TEST_F(CompactTest, NeighboursBecomeOneAndTheRowsStay) {
  const std::string rows = home_.Rows(1);
  const auto before = home_.Record(1);
  const auto report = Compact();
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->old_slices, 6U);
  EXPECT_EQ(report->new_slices, 2U);
  EXPECT_EQ(report->old_blocks - report->new_blocks, 4U);
  EXPECT_EQ(home_.Rows(1), rows);
  const auto after = home_.Record(1);
  EXPECT_EQ(after.chain.last_offset, before.chain.last_offset);
  EXPECT_EQ(after.chain.watermark, before.chain.watermark);
  EXPECT_EQ(after.chain.system_time, before.chain.system_time);
  EXPECT_EQ(after.chain.info, before.chain.info);
  EXPECT_EQ(after.records, before.records);
  EXPECT_TRUE(IsOk(home_.Verify(1)));
  Load(6);
  EXPECT_EQ(home_.Record(1).records, before.records + 2);
  EXPECT_TRUE(IsOk(home_.Verify(1)));
  home_.Reopen();
  EXPECT_TRUE(IsOk(home_.Verify(1)));
}

TEST_F(CompactTest, RunsEndAtTheLimits) {
  EXPECT_EQ(Compact({.limits = {.records = 4}})->new_slices, 4U);
  EXPECT_TRUE(IsOk(home_.Verify(1)));
  const auto again = Compact({.limits = {.records = 4}});
  ASSERT_TRUE(IsOk(again));
  EXPECT_EQ(again->new_head, again->old_head);
  EXPECT_EQ(Compact({.limits = {.bytes = 1}})->new_slices, 4U);
}

TEST_F(CompactTest, ADryRunOnlyCounts) {
  const auto report = Compact({.is_dry_run = true});
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->new_slices, 2U);
  EXPECT_EQ(home_.Record(1).slices, 6U);
}

TEST_F(CompactTest, DerivativesThatHaveReadItKeepItFromBeingDoneOrStartOver) {
  home_.AddDerivative(3, {{"a", 1}}, "SELECT count(*) AS n FROM a");
  home_.Name(3, "counted");
  home_.Update(3).value();
  const std::string rows = home_.Rows(3);
  const auto refused = Compact();
  EXPECT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("counted"));
  const auto report = Compact({.resets_readers = true});
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->reset.size(), 1U);
  ASSERT_TRUE(IsOk(home_.Update(3)));
  EXPECT_EQ(home_.Rows(3), rows);
  EXPECT_TRUE(IsOk(home_.Verify(3)));
}

TEST_F(CompactTest, WhatIsLoadedMeanwhileComesAfter) {
  bool loaded = false;
  const auto report = Compact({}, [&](std::uint64_t) {
    if (!std::exchange(loaded, true)) Load(6);
  });
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->new_slices, 3U);
  EXPECT_EQ(home_.Record(1).records, 14U);
  EXPECT_TRUE(IsOk(home_.Verify(1)));
}

// Goal: a crash leaves the one history or the other. Method: fail every so many calls of the file
// system, cut the power, and open the home again.
TEST_F(CompactTest, AnInterruptedOneIsWholeOrNone) {
  const std::string rows = home_.Rows(1);
  for (int failing = 0;; failing += 3) {
    SCOPED_TRACE(failing);
    home_.files().FailCall(failing, ErrorCode::kExhausted);
    const bool done = bool(Compact());
    home_.files().CutPower();
    home_.Reopen();
    ASSERT_EQ(home_.Rows(1), rows);
    ASSERT_TRUE(IsOk(home_.Verify(1)));
    if (done) break;
  }
  EXPECT_EQ(home_.Record(1).slices, 2U);
}

TEST_F(CompactTest, ADamagedSliceIsNotMerged) {
  for (const auto& path : home_.files().Paths()) {
    if (path.string().find("/data/") != std::string::npos) home_.files().FlipBit(path, 400);
  }
  home_.Reopen();
  EXPECT_EQ(CodeOf(Compact()), ErrorCode::kCorrupt);
  EXPECT_EQ(home_.Record(1).slices, 6U);
}

}  // namespace
}  // namespace weir::pipelines
