#include <gtest/gtest.h>

#include "base/files.h"
#include "base/testing/matchers.h"
#include "pipelines/testing/test_dataset.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {
namespace {

class NoSink : public ByteSink {
 public:
  Status Write(ByteView) override { return Ok(); }
};

// The logical hash of the slice that `content` becomes as the next input of `dataset`.
std::string HashOfNext(TestDataset& dataset, const std::string& file, std::string_view time) {
  const std::uint64_t start = dataset.rows();
  const std::string path = std::string(WEIR_TEST_DATA) + "/odf/input/" + file;
  EXPECT_TRUE(IsOk(dataset.Ingest(PosixFiles().ReadAll(path).value())));
  const Context context = Context::Background();
  const auto rows = MergeInput(context, dataset.bench(), dataset.request).value();
  NoSink sink;
  const auto written = slices::WriteSlice(
      context, *rows, {.start_offset = start, .system_time = ParseTimestamp(time).value()}, sink);
  EXPECT_TRUE(IsOk(written));
  return (*written)->slice.logical_hash.ToText();
}

// Goal: the same input at the same system time gives the hashes that Kamu gives (their values are
// in tests/data/odf/input/population.log.yaml).
TEST(GoldenHash, InputsBecomeSlicesWithTheHashesOfTheReference) {
  TestDataset dataset(R"({
    "read": {"kind": "NdJson", "schema": {"fields": [
      {"name": "event_time", "type": {"kind": "Timestamp", "unit": "Millisecond"}},
      {"name": "city", "type": "String"},
      {"name": "population", "type": {"kind": "Option", "inner": {"kind": "Int64"}}}]}},
    "merge": {"kind": "Snapshot", "primaryKey": ["city"]}})");
  EXPECT_EQ(HashOfNext(dataset, "p1.ndjson", "2050-01-02T12:00:00Z"),
            "f9680c00120eb13aa4754f110ee196f68ff97866048ef90fa02fdf876ab27a2ce49e24bdc5f");
  EXPECT_EQ(HashOfNext(dataset, "p2.ndjson", "2050-01-03T12:00:00Z"),
            "f9680c001207da7e18db817ba16e628f2eddd0fcc74da7093a892d1b85b24f6a57c5a4f4cc0");
}

}  // namespace
}  // namespace weir::pipelines
