#include "engine/column_lineage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::engine {
namespace {

std::string TextOf(const std::vector<LineageSource>& sources) {
  std::string text;
  for (const LineageSource& source : sources) {
    text += fmt::format("{}{}.{} {}{}", text.empty() ? "" : ", ", source.table,
                        source.column.empty() ? "*" : source.column, NameOf(source.kind),
                        source.is_masking ? " masked" : "");
  }
  return text;
}

class ColumnLineageTest : public ::testing::Test {
 protected:
  // "column: sources | rows: sources", one line each.
  std::string Lineage(const std::vector<TransformStep>& steps) {
    EXPECT_TRUE(bench_->Clear());
    const std::vector<Column> columns = {
        {"k", "INTEGER"}, {"v", "DOUBLE"}, {"t", "VARCHAR"}, {"l", "INTEGER[]"}};
    const std::vector<LineageInput> inputs = {{"r", columns}, {"s", columns}};
    return Told(LineageOfTransform(Context::Background(), *bench_, steps, inputs));
  }

  static std::string Told(const Result<QueryLineage>& lineage) {
    if (!lineage) return lineage.error().message;
    std::string text;
    for (const ColumnLineage& column : lineage->columns) {
      text += fmt::format("{}: {}\n", column.name, TextOf(column.sources));
    }
    return text + fmt::format("rows: {}\n", TextOf(lineage->rows));
  }
  std::string Lineage(const std::string& sql) { return Lineage({{.sql = sql}}); }

  std::unique_ptr<Workbench> bench_ = OpenDuckDbWorkbench({}).value();
};

TEST_F(ColumnLineageTest, ColumnsAreFollowedThroughExpressionsFiltersAndNames) {
  EXPECT_EQ(Lineage("SELECT k, v * 2 AS w, md5(t) AS h, 1 AS one FROM r WHERE l IS NOT NULL"),
            "k: r.k IDENTITY\n"
            "w: r.v TRANSFORMATION\n"
            "h: r.t TRANSFORMATION masked\n"
            "one: \n"
            "rows: r.* IDENTITY, r.l FILTER\n");
  EXPECT_EQ(Lineage("SELECT CASE WHEN k > 1 THEN t ELSE 'x' END AS c FROM (SELECT * FROM r) q"),
            "c: r.k CONDITIONAL, r.t TRANSFORMATION\nrows: r.* IDENTITY\n");
}

TEST_F(ColumnLineageTest, JoinsGroupsAndOrdersDecideWhichRowsThereAre) {
  EXPECT_EQ(Lineage("SELECT r.t, sum(s.v) AS total, count(s.k) AS n FROM r LEFT JOIN s "
                    "ON r.k = s.k AND s.v > 0 GROUP BY r.t"),
            "t: r.t IDENTITY\n"
            "total: s.v AGGREGATION\n"
            "n: s.k AGGREGATION masked\n"
            "rows: r.* IDENTITY, r.k JOIN, r.t GROUP_BY, s.* IDENTITY, s.k JOIN, s.v FILTER\n");
  EXPECT_EQ(Lineage("SELECT k FROM r ORDER BY ALL LIMIT 3"),
            "k: r.k IDENTITY\nrows: r.* IDENTITY, r.k SORT\n");
  EXPECT_EQ(Lineage("SELECT k, rank() OVER (PARTITION BY t ORDER BY v) AS place FROM r"),
            "k: r.k IDENTITY\nplace: r.t WINDOW, r.v WINDOW\nrows: r.* IDENTITY\n");
}

// One row comes of all, so what chose those below shows in the values and not beside them.
TEST_F(ColumnLineageTest, AnAggregateOfAllRowsIsInTheColumnThatUsesIt) {
  EXPECT_EQ(Lineage("SELECT k, (SELECT max(v) FROM s WHERE t = 'x') AS m FROM r"),
            "k: r.k IDENTITY\n"
            "m: s.* AGGREGATION, s.t FILTER, s.v AGGREGATION\n"
            "rows: r.* IDENTITY\n");
}

TEST_F(ColumnLineageTest, CorrelatedQueriesAreFollowedToTheColumnsTheyLookAt) {
  EXPECT_EQ(Lineage("SELECT k FROM r WHERE EXISTS (SELECT 1 FROM s WHERE s.k = r.k AND s.v > 1)"),
            "k: r.k IDENTITY\n"
            "rows: r.* IDENTITY, r.* FILTER, r.k FILTER, s.* FILTER, s.k FILTER, s.v FILTER\n");
}

TEST_F(ColumnLineageTest, CommonTablesSetOperationsAndListsAreFollowed) {
  EXPECT_EQ(Lineage("WITH c AS MATERIALIZED (SELECT k, v AS w FROM r WHERE t = 'x') "
                    "SELECT a.w FROM c a JOIN c b ON a.k = b.k"),
            "w: r.v IDENTITY\nrows: r.* IDENTITY, r.k JOIN, r.t FILTER\n");
  EXPECT_EQ(Lineage("SELECT k, t FROM r UNION ALL SELECT k + 1, t FROM s"),
            "k: r.k IDENTITY, s.k TRANSFORMATION\n"
            "t: r.t IDENTITY, s.t IDENTITY\n"
            "rows: r.* IDENTITY, s.* IDENTITY\n");
  EXPECT_EQ(Lineage("SELECT k FROM r EXCEPT SELECT k FROM s"),
            "k: r.k IDENTITY\n"
            "rows: r.* IDENTITY, r.k FILTER, r.k GROUP_BY, s.* IDENTITY, s.k FILTER\n");
  EXPECT_EQ(Lineage("SELECT t, unnest(l) AS e FROM r"),
            "t: r.t IDENTITY\ne: r.l TRANSFORMATION\nrows: r.* IDENTITY, r.l FILTER\n");
  EXPECT_EQ(Lineage("SELECT t, e + k AS e FROM r, unnest(r.l) u(e)"),
            "t: r.t IDENTITY\ne: r.k TRANSFORMATION, r.l TRANSFORMATION\n"
            "rows: r.* IDENTITY, r.l FILTER, r.l JOIN\n");
  EXPECT_EQ(Lineage("SELECT list_transform(l, lambda x: x + k) AS e FROM r"),
            "e: r.k TRANSFORMATION, r.l TRANSFORMATION\nrows: r.* IDENTITY\n");
  EXPECT_EQ(Lineage("SELECT x.a FROM (VALUES (1), (2)) x(a)"), "a: \nrows: \n");
}

TEST_F(ColumnLineageTest, StepsAreFollowedThroughEachOther) {
  EXPECT_EQ(Lineage({{.alias = "big", .sql = "SELECT k, v + 1 AS w FROM r WHERE v > 10"},
                     {.alias = "r", .sql = "SELECT w, k AS key FROM big"},
                     {.sql = "SELECT sum(w) AS total, key FROM r GROUP BY key"}}),
            "total: r.v AGGREGATION\n"
            "key: r.k IDENTITY\n"
            "rows: r.* IDENTITY, r.k GROUP_BY, r.v FILTER\n");
}

// Transforms may not, but whoever binds another query here may.
TEST_F(ColumnLineageTest, RecursionEndsWhenNothingIsNew) {
  const std::string sql =
      "WITH RECURSIVE c(a, b) AS (SELECT k, v FROM r UNION ALL "
      "SELECT c.b::INTEGER, s.v FROM c JOIN s ON s.k = c.a) SELECT a FROM c";
  for (const char* table : {"r", "s"}) {
    ASSERT_TRUE(bench_->Execute(Context::Background(),
                                fmt::format("CREATE TABLE {} (k INTEGER, v DOUBLE)", table)));
  }
  EXPECT_EQ(Told(bench_->Lineage(Context::Background(), sql)),
            "a: r.k IDENTITY, r.v TRANSFORMATION, s.v TRANSFORMATION\n"
            "rows: r.* IDENTITY, r.k JOIN, r.v JOIN, s.* IDENTITY, s.k JOIN, s.v JOIN\n");
  EXPECT_NE(Lineage(sql).find("RECURSIVE"), std::string::npos);
}

TEST_F(ColumnLineageTest, WhatDoesNotBindIsAnError) {
  EXPECT_NE(Lineage("SELECT nothing FROM r").find("nothing"), std::string::npos);
  EXPECT_NE(Lineage("SELECT k FROM other").find("other"), std::string::npos);
  EXPECT_NE(Lineage("SELECT rowid FROM r").find("rowid"), std::string::npos);
}

TEST_F(ColumnLineageTest, BatchesAreReadByTheirOwnRules) {
  EXPECT_TRUE(bench_->Clear());
  const std::vector<LineageInput> inputs = {{"r", {{"op", "INTEGER"}, {"k", "INTEGER"}}}};
  const std::vector<TransformStep> steps = {
      {.alias = "t", .sql = "SELECT op, k / 2 AS half FROM r WHERE starts_with('a', 'b') OR k > 0"},
      {.sql = "SELECT * FROM t"}};
  EXPECT_EQ(Told(LineageOfTransform(Context::Background(), *bench_, steps, inputs,
                                    TransformReads::kBatches)),
            "op: r.op IDENTITY\n"
            "half: r.k TRANSFORMATION\n"
            "rows: r.* IDENTITY, r.k FILTER\n");
}

}  // namespace
}  // namespace weir::engine
