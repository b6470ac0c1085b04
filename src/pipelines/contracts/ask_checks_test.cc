#include "pipelines/contracts/ask_checks.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::pipelines {
namespace {

using contracts::Check;
using contracts::OnFail;

// Events and the rows before them as tables of a bench, as whoever makes rows would have them.
class AskChecksTest : public testing::Test {
 protected:
  void SetUp() override {
    Execute(
        "CREATE TABLE events AS SELECT * FROM (VALUES "
        "(0, 7::BIGINT, 'x', 5), (1, 1, 'a', NULL), (2, 2, 'b', 1), (3, 2, 'b', -1), "
        "(0, 8, 'x', NULL)) t(op, id, name, v)");
    Execute(
        "CREATE TABLE before AS SELECT * FROM (VALUES (1::BIGINT, 'a', NULL), (2, 'b', 1), "
        "(3, 'c', 5)) t(id, name, v)");
  }

  void Execute(const std::string& sql) {
    ASSERT_TRUE(IsOk(bench_->Execute(Context::Background(), sql)));
  }

  Result<Asked> Ask(const contracts::Contract& contract, std::vector<std::string> key = {"id"}) {
    return AskChecks(Context::Background(), {.bench = *bench_,
                                             .contract = contract,
                                             .events = "events",
                                             .state_before = "before",
                                             .key = std::move(key),
                                             .dataset = "me"});
  }

  std::string Texts(const std::string& sql) {
    const auto rows = bench_->Query(Context::Background(), sql).value();
    std::string text;
    while (const auto batch = rows->Next().value()) {
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        text += batch->column(0)->GetScalar(row).ValueOrDie()->ToString() + " ";
      }
    }
    return text;
  }

  const std::unique_ptr<engine::Workbench> bench_ = engine::OpenDuckDbWorkbench({}).value();
};

TEST_F(AskChecksTest, TheStateAfterIsWhatStaysAndWhatIsAdded) {
  ASSERT_TRUE(IsOk(Ask({{.name = "x", .rule = contracts::RowCount{.min = 1}}})));
  EXPECT_EQ(Texts("SELECT id || coalesce(v::VARCHAR, '') FROM this ORDER BY id"), "2-1 35 75 8 ");
  EXPECT_EQ(Texts("SELECT id FROM new_rows ORDER BY id"), "2 7 8 ");
}

TEST_F(AskChecksTest, WithoutAKeyARetractionTakesOneEqualRow) {
  ASSERT_TRUE(IsOk(Ask({{.name = "x", .rule = contracts::RowCount{.min = 1}}}, {})));
  EXPECT_EQ(Texts("SELECT id || coalesce(v::VARCHAR, '') FROM this ORDER BY id"), "2-1 35 75 8 ");
}

TEST_F(AskChecksTest, EveryKindIsAsked) {
  const auto asked =
      Ask({{.name = "null", .on_fail = OnFail::kWarn, .rule = contracts::NotNull{{"v"}}},
           {.name = "twice", .on_fail = OnFail::kWarn, .rule = contracts::Unique{{"v"}}},
           {.name = "names", .rule = contracts::Unique{{"name"}}},
           {.name = "range", .rule = contracts::Range{.column = "v", .min = 0}},
           {.name = "count", .rule = contracts::RowCount{.max = 3}},
           {.name = "fresh", .rule = contracts::Freshness{std::chrono::hours(1)}},
           {.name = "sql", .rule = contracts::NoRows{.query = "SELECT id FROM this WHERE v > 9"}}});
  ASSERT_TRUE(IsOk(asked));
  std::string found;
  for (const Finding& finding : asked->findings) {
    found += finding.failed ? fmt::format("{} ", finding.rows.value_or(0)) : "- ";
  }
  EXPECT_EQ(found, "1 1 2 1 0 0 - ");
  EXPECT_THAT(asked->findings[1].examples, testing::ElementsAre("5"));
  EXPECT_EQ(asked->findings[4].message, "the dataset would have 4 rows, more than 3");
  EXPECT_EQ(asked->findings[5].message, "there is no event yet");
  EXPECT_TRUE(asked->failed.empty());  // nothing is put aside
}

TEST_F(AskChecksTest, AReferenceToTheDatasetItselfSeesItAsItWillBe) {
  Execute("UPDATE events SET v = 7 WHERE id = 8");
  const auto asked = Ask({{.name = "parent", .rule = contracts::References{"v", "me", "id"}}});
  ASSERT_TRUE(IsOk(asked));
  EXPECT_EQ(asked->findings[0].rows, 2u);
  EXPECT_THAT(asked->findings[0].examples, testing::UnorderedElementsAre("5", "-1"));
}

TEST(RefusalOf, NamesAValueOnceHoweverManyRowsHaveIt) {
  const contracts::Contract contract = {
      {.name = "known", .rule = contracts::References{"carrier", "airlines", "code"}}};
  const auto said = [&](std::uint64_t rows, std::vector<std::string> examples) {
    const Findings findings = {
        {.asked = true, .failed = true, .rows = rows, .examples = std::move(examples)}};
    return RefusalOf(contract, findings, "x").message;
  };
  EXPECT_THAT(said(9, {"QQ", "QQ", "QQ"}), testing::EndsWith("of airlines (QQ; ...)"));
  EXPECT_THAT(said(3, {"QQ", "ZZ", "QQ"}), testing::EndsWith("of airlines (QQ; ZZ)"));
}

TEST_F(AskChecksTest, WhatCannotBeAskedIsNamed) {
  const auto missing = Ask({{.name = "x", .rule = contracts::NotNull{{"nowhere"}}}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "check x names a column nowhere, which the rows do not have");
}

}  // namespace
}  // namespace weir::pipelines
