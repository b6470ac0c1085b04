#include "sql/query_service.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "catalog/testing/table_home.h"
#include "sql/encoded_rows.h"
#include "sql/schema_text.h"

namespace weir::sql {
namespace {

class SqlTest : public testing::Test {
 protected:
  Result<std::string> Encode(const std::string& sql, RowFormat format, QueryRequest request = {}) {
    request.sql = sql;
    ASSIGN_OR_RETURN(auto query, queries_.Run(Context::Background(), request));
    ASSIGN_OR_RETURN(const auto encoded, EncodedRows::Make(std::move(query), format));
    return ReadAll(*encoded, 64 << 20);
  }
  Result<std::string> Json(const std::string& sql) { return Encode(sql, RowFormat::kNdjson); }

  catalog::TableHome home_;
  QueryService queries_{home_.chains(), {}};
};

TEST_F(SqlTest, RowsComeInTheFormAskedFor) {
  const std::string sql = "SELECT range AS a, 'x' AS b FROM range(2)";
  EXPECT_EQ(Encode(sql, RowFormat::kJsonAoS).value(), R"([{"a":0,"b":"x"},{"a":1,"b":"x"}])");
  EXPECT_EQ(Encode(sql, RowFormat::kJsonSoA).value(), R"({"a":[0,1],"b":["x","x"]})");
  EXPECT_EQ(Encode(sql, RowFormat::kJsonAoA).value(), R"([[0,"x"],[1,"x"]])");
  EXPECT_EQ(Encode(sql, RowFormat::kNdjson).value(),
            "{\"a\":0,\"b\":\"x\"}\n{\"a\":1,\"b\":\"x\"}\n");
  EXPECT_EQ(Encode(sql, RowFormat::kCsv).value(), "a,b\n0,x\n1,x\n");
  EXPECT_EQ(Encode(sql, RowFormat::kParquet).value().substr(0, 4), "PAR1");
}

TEST_F(SqlTest, NoRowsAreStillAnAnswer) {
  const std::string sql = "SELECT 1 AS a WHERE false";
  EXPECT_EQ(Encode(sql, RowFormat::kJsonAoS).value(), "[]");
  EXPECT_EQ(Encode(sql, RowFormat::kJsonSoA).value(), R"({"a":[]})");
  EXPECT_EQ(Encode(sql, RowFormat::kNdjson).value(), "");
  EXPECT_EQ(Encode(sql, RowFormat::kCsv).value(), "a\n");
}

TEST_F(SqlTest, ValuesLookAsDocumented) {
  const struct {
    const char* sql;
    const char* json;
  } kCases[] = {
      {"9223372036854775807", "9223372036854775807"},
      {"18446744073709551615::UBIGINT", "18446744073709551615"},
      {"sum(x) FROM (VALUES (1), (2)) t(x)", "3"},
      {"170141183460469231731687303715884105727::HUGEINT",
       "\"170141183460469231731687303715884105727\""},
      {"1.50::DECIMAL(9, 2)", "\"1.50\""},
      {"0.1::DOUBLE", "0.1"},
      {"'nan'::DOUBLE", "\"NaN\""},
      {"'-inf'::FLOAT", "\"-Infinity\""},
      {"true", "true"},
      {"NULL", "null"},
      {"'a\"b\n'", "\"a\\\"b\\n\""},
      {"'\\xAB\\x01'::BLOB", "\"ab01\""},
      {"TIMESTAMPTZ '2020-01-02 03:04:05.006+00'", "\"2020-01-02T03:04:05.006Z\""},
      {"TIMESTAMP '1969-12-31 23:59:59.999999'", "\"1969-12-31T23:59:59.999999\""},
      {"DATE '0001-01-01'", "\"0001-01-01\""},
      {"'infinity'::TIMESTAMP", "\"infinity\""},
      {"TIME '01:02:03'", "\"01:02:03\""},
      {"INTERVAL '14 months 3 days -1.5 seconds'", "\"P1Y2M3DT-1.500S\""},
      {"[1, NULL]", "[1,null]"},
      {"{'a': 1, 'b': ['x']}", "{\"a\":1,\"b\":[\"x\"]}"},
      {"MAP {'k': 1}", "{\"k\":1}"},
      {"MAP {1: 'v'}", "[{\"key\":1,\"value\":\"v\"}]"},
      {"'b'::ENUM('a', 'b')", "\"b\""},
      {"[1, 2]::INTEGER[2]", "[1,2]"},
  };
  for (const auto& each : kCases) {
    std::string sql = each.sql;
    sql.insert(std::min(sql.find(" FROM"), sql.size()), " AS v");
    EXPECT_EQ(Json("SELECT " + sql).value(), std::string("{\"v\":") + each.json + "}\n")
        << each.sql;
  }
}

TEST_F(SqlTest, CsvTellsNullFromEmptyTextAndQuotesWhatNeedsIt) {
  EXPECT_EQ(Encode("SELECT NULL AS a, '' AS b, 'x,y' AS c, 'say \"x\"' AS d, [1] AS e, "
                   "DATE '2020-01-01' AS f, 1.5::DECIMAL(3,1) AS g",
                   RowFormat::kCsv)
                .value(),
            "a,b,c,d,e,f,g\n,\"\",\"x,y\",\"say \"\"x\"\"\",[1],2020-01-01,1.5\n");
}

TEST_F(SqlTest, ASecondColumnOfANameGetsAnother) {
  EXPECT_EQ(Json("SELECT 1 AS a, 2 AS A, 3 AS a").value(), "{\"a\":1,\"A_1\":2,\"a_2\":3}\n");
}

TEST_F(SqlTest, SkipAndLimitTakeAPartOfTheRows) {
  const auto part = [&](std::uint64_t skip, std::optional<std::uint64_t> limit) {
    QueryRequest request;
    request.skip = skip;
    request.limit = limit;
    return Encode("SELECT count(*) OVER () AS n, range AS v FROM range(200000)",
                  RowFormat::kJsonAoA, request)
        .value();
  };
  EXPECT_EQ(part(0, 2), "[[200000,0],[200000,1]]");
  EXPECT_EQ(part(199'999, 5), "[[200000,199999]]");
  EXPECT_EQ(part(122'880, 1), "[[200000,122880]]");
  EXPECT_EQ(part(0, 0), "[]");
  EXPECT_EQ(part(300'000, std::nullopt), "[]");
}

TEST_F(SqlTest, ALargeResultIsEncodedWhileItIsRead) {
  auto query =
      queries_.Run(Context::Background(), {.sql = "SELECT range AS v FROM range(1000000)"});
  const auto encoded = EncodedRows::Make(*std::move(query), RowFormat::kNdjson).value();
  EXPECT_FALSE(encoded->Prepare(1000).value());
  const std::string all = ReadAll(*encoded, 64 << 20).value();
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 1'000'000);
  EXPECT_TRUE(all.ends_with("{\"v\":999999}\n"));
}

TEST_F(SqlTest, WhatIsWrongWithAStatementIsInvalid) {
  EXPECT_EQ(Json("SELECT * FROM nothing").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Json("SELEC 1").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(Json("DROP TABLE x").error().code, ErrorCode::kDenied);
  EXPECT_EQ(Json("SELECT * FROM read_csv('/etc/passwd')").error().code, ErrorCode::kDenied);
}

TEST_F(SqlTest, ALateErrorEndsTheBytes) {
  EXPECT_EQ(Json("SELECT CASE WHEN range = 150000 THEN error('bad') ELSE range END AS v "
                 "FROM range(200000)")
                .error()
                .code,
            ErrorCode::kInvalid);
}

TEST_F(SqlTest, SchemasAreToldInEachForm) {
  const auto query =
      queries_.Run(Context::Background(), {.sql = "SELECT 1 AS a, 'x' AS b"}).value();
  const auto text = [&](SchemaFormat format) {
    return boost::json::serialize(SchemaText(*query->schema(), format).value());
  };
  EXPECT_EQ(
      text(SchemaFormat::kArrowJson),
      R"({"fields":[{"name":"a","data_type":"Int32","nullable":true,"dict_id":0,)"
      R"("dict_is_ordered":false,"metadata":{}},{"name":"b","data_type":"Utf8",)"
      R"("nullable":true,"dict_id":0,"dict_is_ordered":false,"metadata":{}}],"metadata":{}})");
  EXPECT_NE(text(SchemaFormat::kOdfJson).find("Int32"), std::string::npos);
  EXPECT_NE(text(SchemaFormat::kOdfYaml).find("name: b"), std::string::npos);
}

TEST_F(SqlTest, ManyQueriesRunSideBySide) {
  std::vector<std::jthread> threads;
  std::atomic<int> right = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      const auto answer = Json("SELECT sum(range) AS v FROM range(100000)");
      if (answer && *answer == "{\"v\":4999950000}\n") ++right;
    });
  }
  threads.clear();
  EXPECT_EQ(right, 8);
}

}  // namespace
}  // namespace weir::sql
