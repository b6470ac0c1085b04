#include "pipelines/ingest.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "base/testing/matchers.h"
#include "pipelines/testing/ingest_home.h"

namespace weir::pipelines {
namespace {

constexpr std::string_view kCities = R"({
  "read": {"kind": "Csv", "header": true, "schema": {"fields": [
    {"name": "event_time", "type": {"kind": "Option", "inner":
      {"kind": "Timestamp", "unit": "Millisecond"}}},
    {"name": "city", "type": "String"},
    {"name": "people", "type": {"kind": "Option", "inner": {"kind": "Int64"}}}]}},
  "merge": %})";

std::string Cities(std::string_view merge) {
  std::string source(kCities);
  return source.replace(source.find('%'), 1, merge);
}

TEST(Ingestor, CommitsTheFirstInputWithItsSchemaAndWatermark) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  const auto report = home.Push("event_time,city,people\n2020-01-02T00:00:00Z,a,1\n,b,\n");
  ASSERT_TRUE(IsOk(report));
  EXPECT_TRUE(report->is_committed);
  EXPECT_EQ(report->rows, 2u);
  EXPECT_EQ(report->last_offset, 1u);
  EXPECT_EQ(FormatTimestamp(*report->watermark), "2026-01-01T00:00:00Z");  // b came now
  const auto record = home.record();
  EXPECT_EQ(record.chain.head, report->new_head);
  EXPECT_EQ(record.chain.sequence_number, 3u);  // Seed, source, schema, data
  EXPECT_EQ(record.chain.schema->fields.size(), 6u);
  EXPECT_EQ(home.Rows(),
            "0 2026-01-01 00:00:00.000000Z b null\n0 2020-01-02 00:00:00.000000Z a 1\n");
}

TEST(Ingestor, IsUpToDateWhenAnInputChangesNothing) {
  IngestHome home(Cities(R"({"kind": "Snapshot", "primaryKey": ["city"]})"));
  const std::string input = "event_time,city,people\n2020-01-02T00:00:00Z,a,1\n";
  const auto first = home.Push(input);
  ASSERT_TRUE(IsOk(first));
  const auto again = home.Push(input);
  ASSERT_TRUE(IsOk(again));
  EXPECT_FALSE(again->is_committed);
  EXPECT_EQ(again->new_head, first->new_head);
  EXPECT_EQ(home.record().slices, 1u);
}

TEST(Ingestor, IsUpToDateForTimesInsideOfStructs) {
  IngestHome home(R"j({"read": {"kind": "NdJson", "ddlSchema": ["id INT", "s STRUCT(t TIMESTAMP)"]},
                       "merge": {"kind": "Snapshot", "primaryKey": ["id"]}})j");
  const std::string row = R"({"id":1,"s":{"t":"2020-01-01T00:00:00.123456Z"}})";
  ASSERT_TRUE(IsOk(home.Push(row)));
  const auto again = home.Push(row);
  ASSERT_TRUE(IsOk(again));
  EXPECT_FALSE(again->is_committed);
}

TEST(Ingestor, SortsAnInputThatIsNotInOrder) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  ASSERT_TRUE(IsOk(
      home.Push("event_time,city,people\n2020-01-03T00:00:00Z,a,1\n2020-01-02T00:00:00Z,b,2\n")));
  EXPECT_EQ(home.Rows(), "0 2020-01-02 00:00:00.000000Z b 2\n0 2020-01-03 00:00:00.000000Z a 1\n");
}

TEST(Ingestor, NeverTakesTheWatermarkBack) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  ASSERT_TRUE(IsOk(home.Push("event_time,city,people\n2020-01-03T00:00:00Z,a,1\n")));
  const auto late = home.Push("event_time,city,people\n2019-01-03T00:00:00Z,a,1\n");
  ASSERT_TRUE(IsOk(late));
  EXPECT_EQ(FormatTimestamp(*late->watermark), "2020-01-03T00:00:00Z");
}

TEST(Ingestor, GoesOnWhenTheClockWasPutBack) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  ASSERT_TRUE(IsOk(home.Push("event_time,city,people\n2020-01-03T00:00:00Z,a,1\n")));
  const Timestamp before = home.record().chain.system_time;
  home.clock().Jump(-std::chrono::hours(1));
  ASSERT_TRUE(IsOk(home.Push("event_time,city,people\n2020-01-04T00:00:00Z,a,1\n")));
  EXPECT_EQ(home.record().chain.system_time, before);
}

TEST(Ingestor, RefusesTheWholeInputForOneBadRowAndNamesIt) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  const auto report =
      home.Push("event_time,city,people\n2020-01-03T00:00:00Z,a,1\n2020-01-03T00:00:00Z,b,many\n",
                "cities.csv");
  ASSERT_EQ(CodeOf(report), ErrorCode::kInvalid);
  EXPECT_EQ(report.error().message, "cities.csv, line 3, column people: 'many' is no BIGINT");
  EXPECT_FALSE(home.record().chain.has_data);
}

TEST(Ingestor, NamesTheSourcesThereAreForOneThereIsNot) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  const auto report = home.ingestor().Push(
      home.context(), {.dataset = home.id(), .input = nullptr, .source_name = "other"});
  ASSERT_EQ(CodeOf(report), ErrorCode::kInvalid);
  EXPECT_EQ(report.error().message, "the dataset has no push source other");
  EXPECT_EQ(report.error().hint, "it has default");
  const auto unknown = home.ingestor().Push(
      home.context(), {.dataset = datasets::DatasetHome::IdOf(9), .input = nullptr});
  EXPECT_EQ(CodeOf(unknown), ErrorCode::kNotFound);
}

// Rows beyond what travels inside a transaction go straight into the repository.
TEST(Ingestor, KeepsALargeSliceInTheRepositoryBeforeItCommits) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  std::string input = "event_time,city,people\n";
  for (int i = 0; i < 200'000; ++i) {
    input += fmt::format("2020-01-03T00:00:00Z,city {},{}\n", i * 7919 % 200'000, i);
  }
  const auto report = home.Push(input);
  ASSERT_TRUE(IsOk(report));
  EXPECT_EQ(report->rows, 200'000u);
  ASSERT_EQ(home.files().Paths().size(), 1u);  // the slice; nothing is left of the scratch file
  const std::string path = home.files().OnlyPath().string();
  EXPECT_NE(path.find("/data/f1620"), std::string::npos);
  ASSERT_TRUE(IsOk(home.chains().PublishAll(home.context())));
}

TEST(Ingestor, RefusesWorkWhileTheDiskIsNearlyFull) {
  IngestHome home(Cities(R"({"kind": "Append"})"));
  home.files().FillDisk(1 << 20);
  const auto report = home.Push("event_time,city,people\n2020-01-03T00:00:00Z,a,1\n");
  EXPECT_EQ(CodeOf(report), ErrorCode::kExhausted);
}

}  // namespace
}  // namespace weir::pipelines
