#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/ingest.h"
#include "pipelines/testing/ingest_home.h"

namespace weir::pipelines {
namespace {

// NDJSON of id and name, merged so.
std::string Source(std::string_view merge) {
  return fmt::format(R"({{"read": {{"kind": "NdJson", "schema": {{"fields": [
    {{"name": "id", "type": "Int64"}},
    {{"name": "name", "type": {{"kind": "Option", "inner": "String"}}}}]}}}}, "merge": {}}})",
                     merge);
}

std::string Append() { return Source(R"({"kind": "Append"})"); }

std::vector<std::string> ColumnsOf(IngestHome& home) {
  const datasets::ChainRecord record = home.record();
  std::vector<std::string> names;
  for (const odf::DataField& field : record.chain.schema->fields) names.push_back(field.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(IngestEvolve, ANewColumnComesAtTheEndAndIsEmptyBefore) {
  IngestHome home(Append());
  ASSERT_TRUE(IsOk(home.Push(R"({"id":1,"name":"a"})")));
  const auto kept = home.record().chain.head;
  ASSERT_TRUE(IsOk(home.Evolve(R"({"id":2,"name":"b","note":"new"})")));
  EXPECT_NE(home.record().chain.head, kept);
  EXPECT_EQ(ColumnsOf(home),
            (Names{"offset", "op", "system_time", "event_time", "id", "name", "note"}));
  EXPECT_EQ(home.Rows(),
            "0 2026-01-01 00:00:00.000000Z 1 a null\n0 2026-01-01 00:00:00.000000Z 2 b new\n");
}

TEST(IngestEvolve, TheSourceReadsTheNewColumnFromThenOn) {
  IngestHome home(Append());
  ASSERT_TRUE(IsOk(home.Push(R"({"id":1,"name":"a"})")));
  ASSERT_TRUE(IsOk(home.Evolve(R"({"id":2,"name":"b","note":"new"})")));
  ASSERT_TRUE(IsOk(home.Push(R"({"id":3,"name":"c","note":"again"})")));
  ASSERT_TRUE(IsOk(home.Push(R"({"id":4,"name":"d"})")));
  EXPECT_TRUE(home.Rows().ends_with(" 3 c again\n0 2026-01-01 00:00:00.000000Z 4 d null\n"));
}

TEST(IngestEvolve, WhatIsNotNewAddsNoBlockOfItsOwn) {
  IngestHome home(Append());
  ASSERT_TRUE(IsOk(home.Evolve(R"({"id":1,"name":"a"})")));
  const auto before = home.record().chain.sequence_number;
  ASSERT_TRUE(IsOk(home.Evolve(R"({"id":2,"name":"b"})")));
  EXPECT_EQ(home.record().chain.sequence_number, before + 1);
}

TEST(IngestEvolve, OptionalColumnsMayBeMissingAndRequiredOnesMayNot) {
  IngestHome home(R"({"read": {"kind": "Parquet"}, "merge": {"kind": "Append"}})");
  ASSERT_EQ(CodeOf(home.Push("no parquet")), ErrorCode::kInvalid);
  IngestHome csv(R"({"read": {"kind": "Csv", "header": true, "schema": {"fields": [
    {"name": "id", "type": "Int64"},
    {"name": "name", "type": {"kind": "Option", "inner": "String"}}]}}, "merge": {"kind": "Append"}})");
  ASSERT_TRUE(IsOk(csv.Push("id,name\n1,a\n")));
  ASSERT_TRUE(IsOk(csv.Evolve("id,note\n2,x\n")));
  EXPECT_TRUE(csv.Rows().ends_with(" 2 null x\n")) << csv.Rows();
  const auto refused = csv.Evolve("note\ny\n");
  ASSERT_EQ(CodeOf(refused), ErrorCode::kInvalid);
  EXPECT_NE(refused.error().message.find("lacks the column id"), std::string::npos)
      << refused.error().message;
}

TEST(IngestEvolve, AColumnInTheMiddleOfACsvFileGoesToTheEndOfTheDataset) {
  IngestHome home(R"({"read": {"kind": "Csv", "header": true, "schema": {"fields": [
    {"name": "id", "type": {"kind": "Option", "inner": "Int64"}},
    {"name": "name", "type": {"kind": "Option", "inner": "String"}}]}}, "merge": {"kind": "Append"}})");
  ASSERT_TRUE(IsOk(home.Push("id,name\n1,a\n")));
  ASSERT_TRUE(IsOk(home.Evolve("id,note,name\n2,x,b\n")));
  EXPECT_EQ(ColumnsOf(home),
            (Names{"offset", "op", "system_time", "event_time", "id", "name", "note"}));
  EXPECT_TRUE(home.Rows().ends_with(" 2 b x\n")) << home.Rows();
}

TEST(IngestEvolve, TypesDoNotChangeAndNamesDoNotDifferInCaseAlone) {
  IngestHome home(R"({"read": {"kind": "NdJson"}, "merge": {"kind": "Append"}})");
  ASSERT_TRUE(IsOk(home.Push(R"({"id":1,"name":"a"})")));
  const auto head = home.record().chain.head;
  EXPECT_EQ(CodeOf(home.Evolve(R"({"id":"one","name":"a"})")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(home.Evolve(R"({"id":2,"name":[1]})")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(home.Evolve(R"({"id":2,"Name":"a"})")), ErrorCode::kInvalid);
  EXPECT_EQ(home.record().chain.head, head);
}

TEST(IngestEvolve, AFileThatIsRefusedChangesNothing) {
  IngestHome home(Append());
  ASSERT_TRUE(IsOk(home.Push(R"({"id":1,"name":"a"})")));
  const auto head = home.record().chain.head;
  EXPECT_EQ(CodeOf(home.Evolve(R"({"id":null,"name":"b","note":"new"})")), ErrorCode::kInvalid);
  EXPECT_EQ(home.record().chain.head, head);
}

TEST(IngestEvolve, ALedgerTakesIt) {
  IngestHome home(Source(R"({"kind": "Ledger", "primaryKey": ["id"]})"));
  ASSERT_TRUE(IsOk(home.Push(R"({"id":1,"name":"a"})")));
  ASSERT_TRUE(IsOk(home.Evolve(
      "{\"id\":1,\"name\":\"a\",\"note\":\"x\"}\n{\"id\":2,\"name\":\"b\",\"note\":\"y\"}")));
  EXPECT_EQ(home.Rows(),
            "0 2026-01-01 00:00:00.000000Z 1 a null\n0 2026-01-01 00:00:00.000000Z 2 b y\n");
}

// A key that is there with an empty value of the new column is unchanged; one that brings a value
// is corrected.
TEST(IngestEvolve, ASnapshotComparesWithEmptyValues) {
  IngestHome home(Source(R"({"kind": "Snapshot", "primaryKey": ["id"]})"));
  ASSERT_TRUE(IsOk(home.Push("{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\"}")));
  const auto report = home.Evolve(
      "{\"id\":1,\"name\":\"a\",\"note\":null}\n{\"id\":2,\"name\":\"b\",\"note\":\"x\"}");
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->rows, 2U);
  EXPECT_TRUE(home.Rows().ends_with(
      "2 2026-01-01 00:00:00.000000Z 2 b null\n3 2026-01-01 00:00:00.000000Z 2 b x\n"))
      << home.Rows();
}

TEST(IngestEvolve, AnUpsertTakesIt) {
  IngestHome home(Source(R"({"kind": "UpsertStream", "primaryKey": ["id"]})"));
  ASSERT_TRUE(IsOk(home.Push("{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\"}")));
  const auto report =
      home.Evolve("{\"id\":1,\"name\":\"a\"}\n{\"id\":2,\"name\":\"b\",\"note\":\"x\"}");
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->rows, 2U);
  EXPECT_TRUE(home.Rows().ends_with("2 b null\n3 2026-01-01 00:00:00.000000Z 2 b x\n"))
      << home.Rows();
}

TEST(IngestEvolve, AChangelogTakesIt) {
  IngestHome home(R"({"read": {"kind": "NdJson", "schema": {"fields": [
    {"name": "op", "type": "Int32"}, {"name": "id", "type": "Int64"}]}},
    "merge": {"kind": "ChangelogStream", "primaryKey": ["id"]}})");
  ASSERT_TRUE(IsOk(home.Push(R"({"op":0,"id":1})")));
  ASSERT_TRUE(IsOk(home.Evolve("{\"op\":2,\"id\":1}\n{\"op\":3,\"id\":1,\"note\":\"x\"}")));
  EXPECT_TRUE(
      home.Rows().ends_with("2 2026-01-01 00:00:00.000000Z 1 null\n3 2026-01-01 "
                            "00:00:00.000000Z 1 x\n"))
      << home.Rows();
}

}  // namespace
}  // namespace weir::pipelines
