#include "pipelines/lineage/dataset_lineage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "datasets/testing/dataset_home.h"
#include "pipelines/derive/testing/derive_home.h"

namespace weir::pipelines {
namespace {

using datasets::DatasetHome;

constexpr const char* kAppend = R"({"read": {"kind": "NdJson", "ddlSchema":
    ["k INT", "g STRING", "v DOUBLE"]}, "merge": {"kind": "Append"}})";

class DatasetLineageTest : public ::testing::Test {
 protected:
  // raw and more -> joined -> totals -> report; totals is filled, what it reads is.
  void SetUp() override {
    home_.AddRoot(1, kAppend);
    home_.AddRoot(2, kAppend);
    home_.AddDerivative(3, {{"r", 1}, {"m", 2}},
                        "SELECT r.k, r.g AS name, m.v + 1 AS v FROM r JOIN m ON r.k = m.k");
    home_.AddDerivative(4, {{"j", 3}}, "SELECT name, sum(v) AS total FROM j GROUP BY name");
    home_.AddDerivative(5, {{"t", 4}}, "SELECT total FROM t WHERE name IS NOT NULL");
    for (const auto& [number, name] : std::vector<std::pair<std::uint8_t, std::string>>{
             {1, "raw"}, {2, "more"}, {3, "joined"}, {4, "totals"}, {5, "report"}}) {
      Name(number, name);
    }
    for (const std::uint8_t root : {1, 2}) {
      ASSERT_TRUE(home_.Push(root, "{\"k\": 1, \"g\": \"x\", \"v\": 1}\n"));
    }
    for (const std::uint8_t derivative : {3, 4, 5}) ASSERT_TRUE(home_.Update(derivative));
  }

  void Name(std::uint8_t number, const std::string& name) {
    ASSERT_TRUE(home_.chains().store().Transact(
        Context::Background(), [&](control::Transaction& transaction) {
          return datasets::PutDataset(
              transaction, {.id = DatasetHome::IdOf(number), .workspace = "public", .name = name});
        }));
  }

  DatasetLineage Read(std::uint8_t number, LineageRequest request = {}) {
    request.dataset = DatasetHome::IdOf(number);
    auto lineage = reader_.Read(Context::Background(), request);
    EXPECT_TRUE(lineage) << lineage.error().message;
    return lineage ? *std::move(lineage) : DatasetLineage{};
  }

  static std::string TextOf(const DatasetLineage& lineage) {
    std::string text;
    for (const LineageNode& node : lineage.nodes) {
      text += fmt::format("{}{} {}{}{}", text.empty() ? "" : ", ", node.distance,
                          node.entry.name.empty() ? "?" : node.entry.name,
                          node.problem.empty() ? "" : ": ", node.problem);
    }
    return text;
  }

  DeriveHome home_;
  LineageReader reader_{home_.chains(), {.threads = 1}};
};

TEST_F(DatasetLineageTest, GoesUpAndDownFromADataset) {
  EXPECT_EQ(TextOf(Read(4)), "0 totals, -1 joined, -2 raw, -2 more, 1 report");
  EXPECT_EQ(TextOf(Read(1)), "0 raw, 1 joined, 2 totals, 3 report");
  EXPECT_EQ(TextOf(Read(4, {.way = LineageWay::kDownstream})), "0 totals, 1 report");
  EXPECT_FALSE(Read(4).is_cut);
}

TEST_F(DatasetLineageTest, EndsWhereItIsToldTo) {
  const DatasetLineage near = Read(5, {.depth = 1});
  EXPECT_EQ(TextOf(near), "0 report, -1 totals");
  EXPECT_TRUE(near.is_cut);
}

TEST_F(DatasetLineageTest, KnowsTheColumnsOfEveryDerivative) {
  const DatasetLineage lineage = Read(4, {.with_columns = true});
  const LineageNode& totals = lineage.nodes.front();
  ASSERT_TRUE(totals.columns) << totals.problem;
  ASSERT_EQ(totals.columns->columns.size(), 2U);
  const engine::ColumnLineage& total = totals.columns->columns[1];
  EXPECT_EQ(total.name, "total");
  ASSERT_EQ(total.sources.size(), 1U);
  EXPECT_EQ(total.sources[0].table, "j");
  EXPECT_EQ(total.sources[0].column, "v");
  EXPECT_EQ(total.sources[0].kind, engine::LineageKind::kAggregation);
  EXPECT_TRUE(lineage.nodes[1].columns);
  EXPECT_FALSE(lineage.nodes[2].columns);  // a root
}

TEST_F(DatasetLineageTest, WhatIsLostOrDoesNotBindIsShown) {
  ASSERT_TRUE(home_.chains().store().Transact(
      Context::Background(), [&](control::Transaction& transaction) {
        return datasets::RemoveDataset(transaction, DatasetHome::IdOf(2));
      }));
  EXPECT_EQ(TextOf(Read(3, {.way = LineageWay::kUpstream})),
            "0 joined, -1 raw, -1 ?: it is not in this home");
  home_.AddDerivative(6, {{"a", 7}}, "SELECT k FROM a");
  home_.AddRoot(7, kAppend);
  Name(6, "early");
  const DatasetLineage early = Read(6, {.with_columns = true});
  EXPECT_NE(early.nodes.front().problem.find("has no columns yet"), std::string::npos)
      << early.nodes.front().problem;
}

TEST_F(DatasetLineageTest, AnUnknownDatasetIsAnError) {
  const auto lineage = reader_.Read(Context::Background(), {.dataset = DatasetHome::IdOf(9)});
  ASSERT_FALSE(lineage);
  EXPECT_EQ(lineage.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace weir::pipelines
