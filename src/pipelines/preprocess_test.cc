#include "pipelines/preprocess.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/matchers.h"
#include "pipelines/testing/test_dataset.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

std::string Source(const std::string& preprocess) {
  return R"({"read": {"kind": "NdJson", "ddlSchema": ["a INT", "b STRING", "t TIMESTAMP"]},
             "preprocess": {"kind": "Sql", "engine": "datafusion", )" +
         preprocess + R"(}, "merge": {"kind": "Append"}})";
}

constexpr const char* kRow = R"({"a": 1, "b": "x", "t": "2020-01-01T01:00:00+01:00"})";

TEST(Preprocess, StepsBuildOnEachOther) {
  TestDataset dataset(Source(R"("queries": [
      {"alias": "step one", "query": "SELECT a + 1 AS c, t AS event_time FROM input -- all"},
      {"query": "SELECT *, c * 2 AS d FROM \"step one\""}])"));
  EXPECT_EQ(dataset.Ingest(kRow).value(), "0 2020-01-01 00:00:00.000000Z 2 4\n");
  EXPECT_EQ(dataset.columns()[2], "c int32");
}

TEST(Preprocess, ReachesNothingButTheInput) {
  for (const std::string query :
       {"SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/hostname')", "ATTACH '/tmp/x.db'",
        "COPY input TO '/tmp/weir-test-copy'", "SELECT * FROM sqlite_scan('/tmp/x', 'y')",
        "SELECT getenv('HOME') AS h FROM input", "SELECT * FROM new_rows", "SELECT * FROM old_rows",
        "SELECT * FROM duckdb_settings()"}) {
    TestDataset dataset(Source(R"("query": ")" + query + "\""));
    const auto refused = dataset.Ingest(kRow);
    ASSERT_FALSE(refused) << query;
    EXPECT_TRUE(refused.error().code == ErrorCode::kDenied ||
                refused.error().code == ErrorCode::kNotFound)
        << query << ": " << refused.error().message;
  }
}

TEST(Preprocess, AQueryThatDoesNotBindNamesItsStep) {
  TestDataset dataset(Source(R"("query": "SELECT zz FROM input")"));
  const auto bad = dataset.Ingest(kRow);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(bad.error().message, HasSubstr("preprocess, step last"));
  EXPECT_THAT(bad.error().message, HasSubstr("zz"));
}

TEST(Preprocess, MakesTextOfWhatCannotBeKept) {
  TestDataset dataset(
      Source(R"("query": "SELECT to_json([{'x': a}]) AS j, b::UUID AS u FROM input")"));
  EXPECT_EQ(dataset.Ingest(R"({"a": 1, "b": "6b1a2f5e-0000-4000-8000-000000000001"})").value(),
            "0 2050-01-01 12:00:00.000000Z [{\"x\":1}] 6b1a2f5e-0000-4000-8000-000000000001\n");
}

}  // namespace
}  // namespace weir::pipelines
