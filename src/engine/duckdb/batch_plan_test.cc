#include "engine/batch_plan.h"

#include <arrow/api.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/json_reader.h"
#include "base/testing/matchers.h"

namespace weir::engine {
namespace {

std::string ReadTestFile(const std::string& name) {
  std::ifstream file(std::string(WEIR_TEST_DATA) + "/datafusion/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class BatchPlanTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rows_ = ReadTestFile("rows.sql");
    ASSERT_FALSE(rows_.empty());
  }

  Status Plan(const std::vector<TransformStep>& steps) {
    RETURN_IF_ERROR(bench_->Clear());
    RETURN_IF_ERROR(bench_->Execute(Context::Background(), "CREATE TABLE r AS " + rows_));
    RETURN_IF_ERROR(bench_->Execute(Context::Background(), "CREATE VIEW q AS SELECT * FROM r"));
    const std::vector<std::string> inputs = {"r", "q"};
    return PlanBatch(Context::Background(), *bench_, steps, inputs);
  }
  Status Plan(const std::string& sql) { return Plan({{.sql = sql}}); }

  // The values of a query, "null" for a null.
  Result<std::vector<std::string>> Values(const std::string& sql) {
    ASSIGN_OR_RETURN(const auto rows, bench_->Query(Context::Background(), sql));
    std::vector<std::string> values;
    for (;;) {
      ASSIGN_OR_RETURN(const auto batch, rows->Next());
      if (!batch) return values;
      for (std::int64_t row = 0; row < batch->num_rows(); ++row) {
        values.push_back(batch->column(0)->GetScalar(row).ValueOrDie()->ToString());
      }
    }
  }

  // What the result of `sql`, which names it x, is, as make.py writes it.
  Result<std::pair<std::string, std::vector<std::string>>> Made(const std::string& sql) {
    RETURN_IF_ERROR(Plan(fmt::format("SELECT {} AS x FROM r", sql)));
    const std::string from = fmt::format("FROM \"{}\"", kBatchResult);
    ASSIGN_OR_RETURN(const auto columns, bench_->Describe("SELECT * " + from));
    std::string type = columns.at(0).type;
    if (type.starts_with("TIMESTAMP")) type = "TIMESTAMP";
    const char* value = type == "TIMESTAMP" ? "epoch_ms(x)" : "x";
    ASSIGN_OR_RETURN(auto values,
                     Values(fmt::format("SELECT CAST({} AS VARCHAR) {}", value, from)));
    return std::pair(type, std::move(values));
  }

  // Why a query is refused.
  std::string Refusal(const std::string& sql) {
    const Status planned = Plan(sql);
    return planned ? "it is not refused" : planned.error().message;
  }

  std::string rows_;
  std::unique_ptr<Workbench> bench_ = OpenDuckDbWorkbench({}).value();
};

// Goal: a value is the one that DataFusion gives. Method: values.ndjson is what DataFusion 55 made
// of the same expressions over the same rows.
TEST_F(BatchPlanTest, ExpressionsGiveWhatDataFusionGives) {
  std::istringstream lines(ReadTestFile("values.ndjson"));
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto expected = ParseJson(line).value().as_object();
    const std::string sql(expected.at("sql").as_string());
    SCOPED_TRACE(sql);
    const auto found = Made(sql);
    EXPECT_TRUE(found) << found.error().message;
    if (!found) continue;
    EXPECT_EQ(found->first, std::string(expected.at("type").as_string()));
    std::vector<std::string> values;
    for (const auto& value : expected.at("values").as_array()) {
      values.push_back(value.is_null() ? "null" : std::string(value.as_string()));
    }
    EXPECT_EQ(found->second, values);
  }
  EXPECT_GT(count, 150);
}

TEST_F(BatchPlanTest, RefusesWhatLooksAtMoreThanOneRow) {
  for (const auto& [sql, what] : std::vector<std::pair<std::string, std::string>>{
           {"SELECT r.k FROM r JOIN q ON r.k = q.k", "JOIN"},
           {"SELECT r.k FROM r, q", "JOIN"},
           {"SELECT u, k AS n FROM r GROUP BY ALL", "GROUP BY"},
           {"SELECT u FROM r GROUP BY u", "GROUP BY"},
           {"SELECT count(*) AS n FROM r", "count_star"},
           {"SELECT sum(k) AS n FROM r", "sum: it looks at several rows"},
           {"SELECT DISTINCT u FROM r", "DISTINCT"},
           {"SELECT k FROM r ORDER BY k", "ORDER BY"},
           {"SELECT k FROM r LIMIT 1", "LIMIT"},
           {"SELECT k FROM r USING SAMPLE 10%", "sample"},
           {"SELECT rank() OVER (ORDER BY k) AS n FROM r", "window"},
           {"SELECT k FROM r QUALIFY k > 1", "QUALIFY"},
           {"SELECT k FROM r WHERE k IN (SELECT k FROM q)", "query inside"},
           {"SELECT k FROM r UNION SELECT k FROM q", "UNION"},
           {"SELECT k FROM r EXCEPT ALL SELECT k FROM q", "EXCEPT"},
           {"SELECT 1 AS one", "without an input"},
           {"SELECT * FROM (VALUES (1)) AS v(k)", "without an input"},
           {"SELECT range AS k FROM range(3)", "without an input"},
           {"WITH RECURSIVE t AS (SELECT k FROM r UNION ALL SELECT k FROM t) SELECT k FROM t",
            "RECURSIVE"},
       }) {
    const Status planned = Plan(sql);
    ASSERT_FALSE(planned) << sql;
    EXPECT_EQ(planned.error().code, ErrorCode::kDenied) << sql;
    EXPECT_NE(planned.error().message.find(what), std::string::npos)
        << sql << "\n  " << planned.error().message;
    const std::vector<TransformStep> steps = {{.sql = sql}};
    const std::vector<std::string> inputs = {"r", "q"};
    EXPECT_FALSE(CheckBatch(steps, inputs)) << sql;
  }
}

TEST_F(BatchPlanTest, RefusesWhatHasAnotherValueInDataFusion) {
  for (const char* sql : {"upper(s)",
                          "lower(s)",
                          "s SIMILAR TO 'a.*'",
                          "regexp_matches(s, 'a')",
                          "k // 2",
                          "k ^ 2",
                          "to_hex(k)",
                          "nullif(k, 1)",
                          "now()",
                          "random()",
                          "sin(d)",
                          "substr(s, -1)",
                          "substr(s, k)",
                          "split_part(s, '', 1)",
                          "split_part(s, u, 1)",
                          "date_part('isodow', e)",
                          "extract(epoch from e)",
                          "TRY_CAST(s AS INT)",
                          "k << 1",
                          "list_value(k)",
                          "getenv('HOME')"}) {
    const std::vector<TransformStep> steps = {{.sql = fmt::format("SELECT {} AS x FROM r", sql)}};
    const std::vector<std::string> inputs = {"r"};
    const Status checked = CheckBatch(steps, inputs);
    ASSERT_FALSE(checked) << sql;
    EXPECT_EQ(checked.error().code, ErrorCode::kDenied) << sql;
  }
}

TEST_F(BatchPlanTest, RefusesTypesThatDataFusionTreatsInAnotherWay) {
  for (const char* sql : {"CAST(d AS BIGINT)", "CAST(dec AS INT)", "CAST(1.5 AS INT)",
                          "CAST(d AS VARCHAR)", "CAST(e AS VARCHAR)", "s || d", "concat(s, e)",
                          "dec * 2", "dec + dec", "dec / 2", "dec % 2", "dt + INTERVAL '1 day'",
                          "e - e", "dt - dt", "dt + 1", "floor(dec)", "trunc(k)"}) {
    EXPECT_FALSE(Plan(fmt::format("SELECT {} AS x FROM r", sql))) << sql;
  }
  EXPECT_NE(Refusal("SELECT CAST(d AS BIGINT) AS x FROM r").find("a cast of DOUBLE to BIGINT"),
            std::string::npos);
  EXPECT_NE(Refusal("SELECT k FROM r WHERE CAST(d AS INT) > 1").find("a cast of DOUBLE to INTEGER"),
            std::string::npos);
}

TEST_F(BatchPlanTest, NamesAreCaseSensitive) {
  EXPECT_NE(Refusal("SELECT K FROM r").find("there is no K here, but k"), std::string::npos);
  EXPECT_NE(Refusal("SELECT k FROM R").find("there is no R here, but r"), std::string::npos);
  EXPECT_NE(Refusal("SELECT * EXCLUDE (K) FROM r").find("but k"), std::string::npos);
  EXPECT_TRUE(Plan("SELECT A.k AS K FROM r AS A"));
  EXPECT_TRUE(Plan("SELECT X FROM (SELECT k AS X FROM r)"));
}

TEST_F(BatchPlanTest, WhatIsComputedHasAName) {
  EXPECT_NE(Refusal("SELECT k, b / 2 FROM r").find("say (b / 2) AS something"), std::string::npos);
  EXPECT_TRUE(Plan("SELECT r.k, b FROM r"));
}

TEST_F(BatchPlanTest, WhatDataFusionFailsAtFailsHere) {
  ASSERT_TRUE(Plan("SELECT b / k AS x FROM r WHERE b IS NOT NULL"));
  const auto divided = Values(fmt::format("SELECT x FROM \"{}\"", kBatchResult));
  ASSERT_FALSE(divided);
  EXPECT_NE(divided.error().message.find("division by zero"), std::string::npos);
  ASSERT_TRUE(Plan("SELECT b % k AS x FROM r"));
  EXPECT_FALSE(Values(fmt::format("SELECT x FROM \"{}\"", kBatchResult)));
}

TEST_F(BatchPlanTest, StepsReadTheStepsBeforeThem) {
  const Status planned =
      Plan({{.alias = "good", .sql = "SELECT k, b FROM r WHERE k > 0"},
            {.alias = "more", .sql = "SELECT k * 10 AS k FROM good UNION ALL SELECT k FROM q"},
            {.sql = "WITH t AS (SELECT k FROM more) SELECT k FROM t WHERE k IS NOT NULL"}});
  ASSERT_TRUE(planned) << planned.error().message;
  EXPECT_EQ(Values(fmt::format("SELECT k FROM \"{}\"", kBatchResult)).value(),
            (std::vector<std::string>{"10", "21474836470", "1", "-7", "2147483647", "0"}));
  EXPECT_FALSE(Plan({{.alias = "r", .sql = "SELECT k FROM r"}, {.sql = "SELECT k FROM r"}}));
  EXPECT_EQ(Plan("SELECT k FROM other").error().code, ErrorCode::kNotFound);
}

// Goal: rows keep the order of the input, on any number of threads. Method: more rows than a thread
// takes at a time.
TEST_F(BatchPlanTest, RowsKeepTheirOrder) {
  ASSERT_TRUE(bench_->Execute(Context::Background(),
                              "CREATE TABLE big AS SELECT (i * 7919) % 1000003 AS k, i AS n FROM "
                              "range(500000) t(i) ORDER BY k"));
  ASSERT_TRUE(
      bench_->Execute(Context::Background(), "CREATE VIEW s AS SELECT * FROM big ORDER BY n"));
  const std::vector<std::string> inputs = {"s"};
  const std::vector<TransformStep> steps = {
      {.sql = "SELECT n FROM s WHERE k % 3 = 1 UNION ALL SELECT n + 500000 AS n FROM s"}};
  ASSERT_TRUE(PlanBatch(Context::Background(), *bench_, steps, inputs));
  const auto values = Values(fmt::format("SELECT n FROM \"{}\"", kBatchResult)).value();
  ASSERT_GT(values.size(), 600'000U);
  std::int64_t last = -1;
  for (const std::string& value : values) {
    ASSERT_GT(std::stoll(value), last);
    last = std::stoll(value);
  }
}

}  // namespace
}  // namespace weir::engine
