#include <gtest/gtest.h>

#include "api/testing/api_harness.h"
#include "base/testing/matchers.h"
#include "datasets/applied.h"
#include "datasets/gc.h"

namespace weir::api {
namespace {

constexpr const char* kCsv = "id,name\n1,a\n2,b\n";

Told Ingest(ApiHarness& api, const std::string& query, const std::string& body,
            const std::string& type = "text/csv") {
  return api.Send({.method = Method::kPost,
                   .target = "/api/public/sales/ingest" + query,
                   .body = body,
                   .headers = {{"Content-Type", type}}});
}

TEST(IngestRoute, MakesTheDatasetOnlyWhenItIsAskedTo) {
  ApiHarness api;
  EXPECT_EQ(Ingest(api, "", kCsv).status, 404);
  const Told made = Ingest(api, "?create=true&key=id", kCsv);
  ASSERT_EQ(made.status, 200) << made.text;
  EXPECT_EQ(made.Text("/outcome"), "committed");
  EXPECT_EQ(made.Text("/rows"), "2");
  EXPECT_EQ(made.Text("/lastOffset"), "1");
  EXPECT_NE(made.Text("/manifest").find("UpsertStream"), std::string::npos);
  const Told again = Ingest(api, "?create=true&key=id", kCsv);
  EXPECT_EQ(again.Text("/outcome"), "upToDate");
  EXPECT_EQ(again.Text("/newHead"), made.Text("/newHead"));
}

TEST(IngestRoute, LeavesNothingOfADatasetWhoseFirstDataIsBad) {
  ApiHarness api;
  const Told refused = Ingest(api, "?create=true&key=nowhere", kCsv);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(api.Get("/api/resources/dataset/sales").status, 404);
  EXPECT_EQ(Ingest(api, "", kCsv).status, 404);
  EXPECT_EQ(Ingest(api, "?create=true", kCsv).status, 200);  // the name is free
}

// Whoever dies between the two leaves a chain that nobody sees, never an empty dataset.
TEST(IngestRoute, NamesANewDatasetOnlyOnceItsFirstDataIsThere) {
  ApiHarness api;
  ASSERT_EQ(Ingest(api, "?create=true", kCsv).status, 200);
  const auto snapshot = api.store().Read(Context::Background()).value();
  const auto named = datasets::FindApplied(
      *snapshot, {.type = "dataset", .workspace = "public", .name = "sales"}, 1);
  ASSERT_TRUE(IsOk(named));
  ASSERT_TRUE(named->has_value());
  EXPECT_EQ((*named)->sequence_number, 3u);  // Seed, source, schema, data
}

TEST(IngestRoute, LeavesAChainThatGotNoNameToGarbageCollection) {
  ApiHarness api;
  const Context context = Context::Background();
  EXPECT_EQ(Ingest(api, "?create=true&key=nowhere", kCsv).status, 400);
  EXPECT_EQ(api.chains().List(context)->size(), 1u);
  ASSERT_TRUE(IsOk(datasets::CollectGarbage(context, api.chains(), api.clock, {.grace = {}})));
  EXPECT_EQ(api.chains().List(context)->size(), 0u);
  ASSERT_EQ(Ingest(api, "?create=true", kCsv).status, 200);
  ASSERT_TRUE(IsOk(datasets::CollectGarbage(context, api.chains(), api.clock, {.grace = {}})));
  EXPECT_EQ(Ingest(api, "", "id,name\n3,c\n").status, 200);  // what has a name stays
}

TEST(IngestRoute, RefusesANewDatasetWithAWrongNameBeforeItReadsTheData) {
  ApiHarness api;
  const Told refused = api.Send({.method = Method::kPost,
                                 .target = "/api/public/-sales/ingest?create=true",
                                 .body = kCsv,
                                 .headers = {{"Content-Type", "text/csv"}}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(api.chains().List(Context::Background())->size(), 0u);
}

TEST(IngestRoute, NamesTheBadCellOfTheFile) {
  ApiHarness api;
  ASSERT_EQ(Ingest(api, "?create=true", kCsv).status, 200);
  const Told refused = Ingest(api, "?fileName=june.csv", "id,name\n1,a\nmany,b\n");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.Text("/detail"), "june.csv, line 3, column id: 'many' is no BIGINT");
  EXPECT_EQ(Ingest(api, "?sourceName=other", kCsv).status, 400);
}

TEST(IngestRoute, ReadsTheFormatThatItIsTold) {
  ApiHarness api;
  ASSERT_EQ(Ingest(api, "?create=true", kCsv).status, 200);
  const char* lines = "{\"id\":3,\"name\":\"c\"}\n";
  EXPECT_EQ(Ingest(api, "", lines, "application/x-ndjson").Text("/rows"), "1");
  EXPECT_EQ(Ingest(api, "?format=ndjson", lines, "application/octet-stream").Text("/rows"), "1");
  EXPECT_EQ(Ingest(api, "", "[{\"id\":3,\"name\":\"c\"}]", "application/json; charset=utf-8")
                .Text("/rows"),
            "1");
  EXPECT_EQ(Ingest(api, "", lines, "image/png").status, 415);
  EXPECT_EQ(Ingest(api, "", lines, "application/x-www-form-urlencoded").status, 415);
  EXPECT_EQ(Ingest(api, "?format=xls", lines).status, 400);
}

TEST(IngestRoute, GivesRowsWithoutOneTheEventTimeOfTheHeader) {
  ApiHarness api;
  const Told told = api.Send(
      {.method = Method::kPost,
       .target = "/api/public/sales/ingest?create=true",
       .body = kCsv,
       .headers = {{"Content-Type", "text/csv"}, {"Odf-Event-Time", "2020-01-01T00:00:00Z"}}});
  EXPECT_EQ(told.Text("/watermark"), "2020-01-01T00:00:00Z");
}

constexpr const char* kPolled = R"(
name: polled
version: v1
type: dataset
dataset:
  metadata:
    - kind: SetPollingSource
      fetch: {kind: Url, url: "URL"}
      read: {kind: Csv, ddlSchema: ["n BIGINT"]}
      merge: {kind: Append}
)";

// Whoever is not in this process reaches no file and no network of it.
TEST(PullRoute, FetchesNothingOfTheServersMachine) {
  for (const std::string url : {"file:///etc/passwd", "http://127.0.0.1:9/", "http://[::1]:9/",
                                "http://169.254.169.254/"}) {
    ApiHarness api;
    std::string manifest = kPolled;
    manifest.replace(manifest.find("URL"), 3, url);
    ASSERT_EQ(api.Apply(manifest).status, 200);
    const Told refused =
        api.Send({.method = Method::kPost, .target = "/api/public/pull?dataset=polled"});
    EXPECT_GE(refused.status, 400) << url;
    EXPECT_EQ(refused.text.find("root:"), std::string::npos);
    EXPECT_EQ(api.Get("/api/resources/dataset/polled").Text("/status/facts/records"), "0") << url;
  }
}

TEST(PullRoute, NamesTheVariableWhoseSecretLacksItsKey) {
  ApiHarness api;
  ASSERT_EQ(api.Apply("name: api\nversion: v1\ntype: secret\n"
                      "secret: {type: key-value, data: {other: towel}}\n")
                .status,
            200);
  std::string manifest = kPolled;
  manifest.insert(manifest.find("  metadata:"),
                  "  variables: {TOKEN: {secret: api, key: token}}\n");
  ASSERT_EQ(api.Apply(manifest).status, 200);
  const Told refused =
      api.Send({.method = Method::kPost, .target = "/api/public/pull?dataset=polled"});
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.Text("/detail"),
            "the variable TOKEN needs the key token of the secret api, which has no such key");
  EXPECT_EQ(api.Get("/api/resources/dataset/polled").text.find("towel"), std::string::npos);
}

TEST(PullRoute, NeedsAPollingSource) {
  ApiHarness api;
  ASSERT_EQ(Ingest(api, "?create=true", kCsv).status, 200);
  const Told refused =
      api.Send({.method = Method::kPost, .target = "/api/public/pull?dataset=sales"});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.Text("/detail"), "the dataset has no polling source");
}

}  // namespace
}  // namespace weir::api
