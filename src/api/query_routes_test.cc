#include <gtest/gtest.h>

#include "api/testing/api_harness.h"

namespace weir::api {
namespace {

constexpr std::string_view kOrders =
    "name: orders-2026\nversion: v1\ntype: dataset\ndataset: {kind: Root}\n";

TEST(QueryRoute, AnswersInTheFormAskedFor) {
  ApiHarness api;
  const auto ask = [&](std::string_view rest) {
    return api.Post("/api/query",
                    "{\"query\": \"SELECT range AS a FROM range(3)\"" + std::string(rest) + "}");
  };
  EXPECT_EQ(ask("").text,
            R"({"output":{"dataFormat":"JsonAoS","data":[{"a":0},{"a":1},{"a":2}]}})");
  EXPECT_EQ(ask(R"(, "dataFormat": "JsonSoA", "skip": 1, "limit": 1)").text,
            R"({"output":{"dataFormat":"JsonSoA","data":{"a":[1]}}})");
  const Told csv = ask(R"(, "dataFormat": "Csv")");
  EXPECT_EQ(csv.text, "a\n0\n1\n2\n");
  EXPECT_EQ(csv.Header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(ask(R"(, "dataFormat": "Parquet")").text.substr(0, 4), "PAR1");
}

TEST(QueryRoute, GivesAHundredRowsUnlessMoreAreAskedFor) {
  ApiHarness api;
  const auto rows = [&](const std::string& rest) {
    const Told told =
        api.Post("/api/query", R"x({"query": "SELECT 1 FROM range(500)")x" + rest + "}");
    return told.json.at_pointer("/output/data").as_array().size();
  };
  EXPECT_EQ(rows(""), 100U);
  EXPECT_EQ(rows(R"(, "limit": 400)"), 400U);
}

TEST(QueryRoute, TheInputItEchoesGivesTheSameAnswerAgain) {
  ApiHarness api;
  ASSERT_EQ(api.Apply(kOrders).status, 200);
  const Told told =
      api.Post("/api/query", R"x({"query": "SELECT count(*) AS n FROM orders_2026$blocks",
                        "include": ["Input", "Schema"], "schemaFormat": "ArrowJson"})x");
  EXPECT_EQ(told.Text("/output/schema/fields/0/name"), "n");
  EXPECT_EQ(told.json.at_pointer("/output/data/0/n"), 1);
  ASSERT_EQ(told.Text("/input/datasets/0/alias"), "orders_2026");
  const Told again = api.Post("/api/query", boost::json::serialize(told.json.at("input")));
  EXPECT_EQ(again.status, 200) << again.text;
  EXPECT_EQ(again.json.at("output").at("data"), told.json.at("output").at("data"));
  EXPECT_EQ(again.json.at("input"), told.json.at("input"));
}

TEST(QueryRoute, SaysWhatIsWrong) {
  ApiHarness api;
  const auto status = [&](const std::string& body) { return api.Post("/api/query", body).status; };
  EXPECT_EQ(status(R"({"query": "SELEC 1"})"), 400);
  EXPECT_EQ(status(R"({"query": "SELECT * FROM nothing"})"), 400);
  EXPECT_EQ(status(R"({"query": "DROP TABLE x"})"), 403);
  EXPECT_EQ(status(R"({"query": "SELECT 1", "wanted": true})"), 400);
  EXPECT_EQ(status(R"({"query": "SELECT 1", "limit": 100000001})"), 400);
  EXPECT_EQ(status(R"({"query": "SELECT 1", "include": ["Proof"]})"), 400);
  EXPECT_EQ(status(R"({"query": "SELECT 1", "queryDialect": "SqlFlink"})"), 400);
  EXPECT_EQ(status(R"({"query": "SELECT 1", "datasets": [{"id": "x", "alias": "y"}]})"), 400);
  EXPECT_EQ(api.Get("/api/query?query=SELECT(1)&include=proof").status, 400);
  EXPECT_EQ(api.Get("/api/query?query=SELECT(1)&include=all").status, 400);
  EXPECT_EQ(api.Get("/api/query").status, 400);
}

TEST(TailRoute, AndMetadataAreFoundUnderAnySpellingOfTheName) {
  ApiHarness api;
  ASSERT_EQ(api.Apply(kOrders).status, 200);
  const Told tail = api.Get("/api/public/orders_2026/tail?schemaFormat=ArrowJson");
  EXPECT_EQ(tail.Text("/dataFormat"), "JsonAoS");
  EXPECT_EQ(tail.Text("/schema/fields/0/name"), "offset");
  const Told metadata = api.Get("/api/public/Orders-2026/metadata");
  EXPECT_EQ(metadata.Text("/name"), "orders-2026");
  EXPECT_EQ(metadata.Text("/refs/0/name"), "head");
  const Told part = api.Get("/api/public/orders-2026/metadata?include=seed");
  EXPECT_EQ(part.Text("/seed/datasetKind"), "Root");
  EXPECT_FALSE(part.json.as_object().contains("refs"));
  EXPECT_EQ(api.Get("/api/public/nothing/tail").status, 404);
  EXPECT_EQ(api.Get("/api/public/nothing/metadata").status, 404);
}

}  // namespace
}  // namespace weir::api
