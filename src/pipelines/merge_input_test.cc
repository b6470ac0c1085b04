#include "pipelines/merge_input.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/files.h"
#include "base/testing/matchers.h"
#include "pipelines/testing/test_dataset.h"

namespace weir::pipelines {
namespace {

std::string Golden(const std::string& name) {
  return PosixFiles().ReadAll(std::string(WEIR_TEST_DATA) + "/odf/input/" + name).value();
}

constexpr std::string_view kPopulation = R"({
  "read": {"kind": "NdJson", "schema": {"fields": [
    {"name": "event_time", "type": {"kind": "Timestamp", "unit": "Millisecond", "timezone": "UTC"}},
    {"name": "city", "type": "String"},
    {"name": "population", "type": {"kind": "Option", "inner": {"kind": "Int64"}}}]}},
  "merge": {"kind": "Snapshot", "primaryKey": ["city"]}})";

// The golden rows of offsets `first`..`last` as TestDataset writes rows.
std::string GoldenRows(std::int64_t first, std::int64_t last) {
  std::string text;
  const boost::json::value all = boost::json::parse(Golden("population.rows.json"));
  for (const auto& value : all.as_array()) {
    const auto& row = value.as_object();
    const std::int64_t offset = row.at("offset").as_int64();
    if (offset < first || offset > last) continue;
    std::string time(row.at("event_time").as_string());
    time = time.substr(0, 10) + " " + time.substr(11, 8) + ".000000Z";
    const auto& population = row.at("population");
    text += boost::json::serialize(row.at("op")) + " " + time + " " +
            std::string(row.at("city").as_string()) + " " + boost::json::serialize(population) +
            "\n";
  }
  return text;
}

TEST(MergeInput, GoldenSnapshotsGiveTheGoldenRows) {
  TestDataset dataset(kPopulation);
  EXPECT_EQ(dataset.Ingest(Golden("p1.ndjson")).value(), GoldenRows(0, 2));
  EXPECT_EQ(dataset.columns(), (std::vector<std::string>{
                                   "op int32 not null", "event_time timestamp[us, tz=UTC] not null",
                                   "city string not null", "population int64"}));
  EXPECT_EQ(dataset.Ingest(Golden("p2.ndjson")).value(), GoldenRows(3, 8));
  EXPECT_EQ(dataset.Ingest(Golden("p2.ndjson")).value(), "");
}

TEST(MergeInput, AppendOrdersByEventTimeWithNullsFirstAndTiesAsTheyCame) {
  TestDataset dataset(R"({"read": {"kind": "Csv", "header": true, "schema": {"fields": [
      {"name": "event_time", "type": {"kind": "Option", "inner": "Timestamp"}},
      {"name": "n", "type": "Int32"}]}}, "merge": {"kind": "Append"}})");
  EXPECT_EQ(dataset
                .Ingest("event_time,n\n2020-01-02T00:00:00Z,1\n2020-01-01T02:00:00+02:00,2\n,3\n"
                        "2020-01-01T00:00:00.0009Z,4\n,5\n")
                .value(),
            "0 2050-01-01 12:00:00.000000Z 3\n"
            "0 2050-01-01 12:00:00.000000Z 5\n"
            "0 2020-01-01 00:00:00.000000Z 2\n"
            "0 2020-01-01 00:00:00.000000Z 4\n"
            "0 2020-01-02 00:00:00.000000Z 1\n");
}

TEST(MergeInput, RowsThatAreExpectedInOrderEndAtTheFirstThatIsNot) {
  TestDataset dataset(R"({"read": {"kind": "Csv", "ddlSchema": ["event_time TIMESTAMP", "n INT"]},
                          "merge": {"kind": "Append"}})");
  dataset.request.expects_order = true;
  EXPECT_EQ(CodeOf(dataset.Ingest("2020-01-02T00:00:00Z,1\n2020-01-01T00:00:00Z,2\n")),
            ErrorCode::kConflict);
  EXPECT_EQ(dataset.Ingest(",0\n2020-01-02T00:00:00Z,1\n2020-01-02T00:00:00Z,2\n").value(),
            "0 2050-01-01 12:00:00.000000Z 0\n0 2020-01-02 00:00:00.000000Z 1\n"
            "0 2020-01-02 00:00:00.000000Z 2\n");
}

TEST(MergeInput, LedgerTakesOnlyKeysThatWereNeverThere) {
  TestDataset dataset(R"({"read": {"kind": "NdJson", "ddlSchema": ["id BIGINT", "v STRING"]},
                          "merge": {"kind": "Ledger", "primaryKey": ["id"]}})");
  const std::string at = "0 2050-01-01 12:00:00.000000Z ";
  EXPECT_EQ(
      dataset.Ingest("{\"id\":2,\"v\":\"b\"}\n{\"id\":1,\"v\":\"a\"}\n{\"v\":\"n\"}\n").value(),
      at + "2 b\n" + at + "1 a\n" + at + "null n\n");
  EXPECT_EQ(dataset
                .Ingest("{\"id\":3,\"v\":\"c\"}\n{\"id\":1,\"v\":\"x\"}\n{\"id\":3,\"v\":\"d\"}\n"
                        "{\"v\":\"n\"}\n")
                .value(),
            at + "3 c\n" + at + "3 d\n" + at + "null n\n");
}

TEST(MergeInput, UpsertKeepsTheLastRowOfAKeyAndCorrectsWhatDiffers) {
  TestDataset dataset(R"({"read": {"kind": "NdJson",
      "ddlSchema": ["op INT", "id BIGINT", "v STRING"]},
      "merge": {"kind": "UpsertStream", "primaryKey": ["id"]}})");
  const std::string at = " 2050-01-01 12:00:00.000000Z ";
  EXPECT_EQ(dataset
                .Ingest("{\"id\":2,\"v\":\"b\"}\n{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"c\"}\n"
                        "{\"op\":1,\"id\":9}\n")
                .value(),
            "0" + at + "1 a\n0" + at + "2 c\n");
  EXPECT_EQ(dataset.Ingest("{\"id\":1,\"v\":\"a\"}\n{\"op\":1,\"id\":2}\n{\"id\":3,\"v\":\"n\"}\n")
                .value(),
            "1" + at + "2 c\n0" + at + "3 n\n");
  EXPECT_EQ(dataset.Ingest("{\"id\":1,\"v\":\"z\"}\n{\"id\":2,\"v\":\"c\"}\n{\"op\":1,\"id\":7}\n")
                .value(),
            "2" + at + "1 a\n3" + at + "1 z\n0" + at + "2 c\n");
  const auto unknown = dataset.Ingest("{\"op\":2,\"id\":1}\n");
  EXPECT_EQ(CodeOf(unknown), ErrorCode::kInvalid);
}

TEST(MergeInput, ChangelogPassesThroughByKeyAndOperation) {
  TestDataset dataset(R"({"read": {"kind": "Csv", "ddlSchema": ["op INT", "id INT", "v STRING"]},
      "merge": {"kind": "ChangelogStream", "primaryKey": ["id"]}})");
  const std::string at = " 2050-01-01 12:00:00.000000Z ";
  EXPECT_EQ(dataset.Ingest("3,1,b\n0,2,x\n2,1,a\n1,3,y\n").value(),
            "2" + at + "1 a\n3" + at + "1 b\n0" + at + "2 x\n1" + at + "3 y\n");
  EXPECT_EQ(CodeOf(dataset.Ingest("4,1,b\n")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(dataset.Ingest(",1,b\n")), ErrorCode::kInvalid);
}

TEST(MergeInput, SnapshotComparesOnlyTheColumnsItIsTold) {
  TestDataset dataset(R"({"read": {"kind": "Csv", "ddlSchema": ["id INT", "v STRING", "w STRING"]},
      "merge": {"kind": "Snapshot", "primaryKey": ["id"], "compareColumns": ["v"]}})");
  ASSERT_TRUE(dataset.Ingest("1,a,b\n"));
  EXPECT_EQ(dataset.Ingest("1,a,c\n").value(), "");
  EXPECT_NE(dataset.Ingest("1,b,c\n").value(), "");
}

// Goal: rows come as the file has them although many threads read it, and sorting spills instead of
// failing. Method: a file of several readers' buffers, a memory setting below its size.
TEST(MergeInput, ALargeFileKeepsItsOrderInLittleMemory) {
  for (const bool has_times : {false, true}) {
    TestDataset dataset(R"({"read": {"kind": "Csv", "ddlSchema": ["event_time TIMESTAMP", "n INT",
                            "v STRING"]}, "merge": {"kind": "Append"}})");
    dataset.UseBench({.threads = 4, .memory_bytes = 96 << 20});
    constexpr int kRows = 400'000;
    std::string content;
    for (int i = 0; i < kRows; ++i) {
      content += fmt::format("{},{},{:0>80}\n", has_times ? "2020-01-01T00:00:00Z" : "", i, i);
    }
    const auto rows = dataset.Ingest(content);
    ASSERT_TRUE(IsOk(rows));
    std::size_t at = 0;
    for (int i = 0; i < kRows; ++i) {
      const std::string row = fmt::format("Z {} ", i);
      at = rows->find('Z', at);
      ASSERT_EQ(rows->compare(at, row.size(), row), 0) << i;
      ++at;
    }
  }
}

// The first slice is a state as well: every key once, nothing taken back.
TEST(MergeInput, AStateThatIsKnownServesAsWellAsTheHistory) {
  for (const std::string merge : {"Snapshot", "UpsertStream"}) {
    TestDataset dataset(R"({"read": {"kind": "Csv", "ddlSchema": ["id INT", "v STRING"]},
        "merge": {"kind": ")" +
                        merge + R"(", "primaryKey": ["id"]}})");
    ASSERT_TRUE(dataset.Ingest("1,a\n2,b\n"));
    ASSERT_EQ(dataset.Ingest("1,a\n2,b\n").value(), "");
    dataset.request.state = dataset.request.history;
    const std::string at = " 2050-01-01 12:00:00.000000Z ";
    EXPECT_EQ(dataset.Ingest("1,a\n2,c\n3,d\n").value(),
              "2" + at + "2 b\n3" + at + "2 c\n0" + at + "3 d\n");
  }
}

// What a slice keeps of a time are milliseconds, inside of structs and lists too.
TEST(MergeInput, TimesInsideOfStructsDifferOnlyByWhatIsKeptOfThem) {
  TestDataset dataset(R"j({"read": {"kind": "NdJson", "ddlSchema":
      ["id INT", "s STRUCT(t TIMESTAMP, l TIMESTAMP[])"]},
      "merge": {"kind": "Snapshot", "primaryKey": ["id"]}})j");
  const std::string row =
      R"({"id":1,"s":{"t":"2020-01-01T00:00:00.123456Z","l":["2020-01-01T00:00:00.1239Z"]}})";
  const auto first = dataset.Ingest(row + "\n");
  ASSERT_TRUE(IsOk(first));
  EXPECT_NE(first->find("00:00:00.123"), std::string::npos) << *first;
  EXPECT_EQ(first->find("456"), std::string::npos) << *first;
  EXPECT_EQ(first->find("1239"), std::string::npos) << *first;
}

TEST(MergeInput, SystemColumnsAreNotTakenFromTheInput) {
  for (const std::string column : {"offset", "system_time", "Offset"}) {
    TestDataset dataset(
        R"({"read": {"kind": "Csv", "header": true}, "merge": {"kind": "Append"}})");
    EXPECT_EQ(CodeOf(dataset.Ingest(column + ",a\n1,2\n")), ErrorCode::kInvalid) << column;
  }
  for (const std::string merge :
       {R"({"kind": "Append"})", R"({"kind": "Ledger", "primaryKey": ["a"]})",
        R"({"kind": "Snapshot", "primaryKey": ["a"]})"}) {
    TestDataset dataset(R"({"read": {"kind": "Csv", "header": true}, "merge": )" + merge + "}");
    EXPECT_EQ(CodeOf(dataset.Ingest("op,a\n1,2\n")), ErrorCode::kInvalid) << merge;
  }
  TestDataset dataset(R"({"read": {"kind": "Csv", "header": true}, "merge": {"kind": "Append"}})");
  EXPECT_EQ(CodeOf(dataset.Ingest("event_time,a\nx,2\n")), ErrorCode::kInvalid);
}

TEST(MergeInput, SystemColumnsHaveTheNamesOfTheVocabulary) {
  TestDataset dataset(R"({"read": {"kind": "Csv", "header": true}, "merge": {"kind": "Append"}})");
  dataset.request.vocab = {.operation_type_column = "what", .event_time_column = "at"};
  ASSERT_TRUE(IsOk(dataset.Ingest("op,event_time\n1,x\n")));
  EXPECT_EQ(dataset.columns(),
            (std::vector<std::string>{"what int32 not null", "at timestamp[us, tz=UTC]",
                                      "op string", "event_time string"}));
}

TEST(MergeInput, ADateIsAnEventTimeToo) {
  TestDataset dataset(R"({"read": {"kind": "Csv", "ddlSchema": ["event_time DATE", "a INT"]},
                          "merge": {"kind": "Append"}})");
  EXPECT_EQ(dataset.Ingest("2020-01-02,1\n,2\n").value(), "0 2050-01-01 2\n0 2020-01-02 1\n");
}

TEST(MergeInput, TheChainsSchemaHasTheLastWord) {
  TestDataset dataset(R"({"read": {"kind": "NdJson", "ddlSchema": ["b INT", "a INT"]},
                          "merge": {"kind": "Append"}})");
  const auto option = [](odf::DataType type) {
    return odf::DataType{odf::DataTypeOption{.inner = std::move(type)}};
  };
  const odf::DataType time{odf::DataTypeTimestamp{}};
  dataset.request.schema = odf::DataSchema{.fields = {{"offset", {odf::DataTypeInt64{}}},
                                                      {"op", {odf::DataTypeInt32{}}},
                                                      {"system_time", time},
                                                      {"event_time", option(time)},
                                                      {"a", {odf::DataTypeInt64{}}},
                                                      {"b", option({odf::DataTypeInt32{}})}}};
  EXPECT_EQ(dataset.Ingest("{\"a\":1,\"b\":2}\n").value(), "0 2050-01-01 12:00:00.000000Z 1 2\n");
  EXPECT_EQ(dataset.columns()[2], "a int64 not null");
  EXPECT_EQ(CodeOf(dataset.Ingest("{\"b\":2}\n")),
            ErrorCode::kInvalid);  // a null where none may be
  dataset.request.schema->fields.push_back({"c", option({odf::DataTypeInt32{}})});
  EXPECT_EQ(CodeOf(dataset.Ingest("{\"a\":1,\"b\":2}\n")), ErrorCode::kInvalid);
  dataset.request.schema->fields.resize(5);
  EXPECT_EQ(CodeOf(dataset.Ingest("{\"a\":1,\"b\":2}\n")), ErrorCode::kInvalid);
  dataset.request.schema->fields.push_back({"b", {odf::DataTypeString{}}});
  EXPECT_EQ(CodeOf(dataset.Ingest("{\"a\":1,\"b\":2}\n")), ErrorCode::kInvalid);
}

TEST(MergeInput, TypesWithoutALogicalHashAreRefusedByPath) {
  TestDataset dataset(R"({"read": {"kind": "NdJson"}, "merge": {"kind": "Append"}})");
  const auto listed = dataset.Ingest("{\"a\":{\"b\":[{\"c\":1}]}}\n");
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, ErrorCode::kInvalid);
  EXPECT_NE(listed.error().message.find("a.b"), std::string::npos) << listed.error().message;
  EXPECT_NE(listed.error().hint.find("to_json(\"a\")"), std::string::npos) << listed.error().hint;
}

}  // namespace
}  // namespace weir::pipelines
