#include "slices/slice_reader.h"

#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <boost/json.hpp>
#include <sstream>

#include "base/testing/matchers.h"
#include "slices/inspect_slice.h"
#include "slices/testing/slice_testing.h"

namespace weir::slices {
namespace {

// Inspects the files listed in `folder` with their digests; gives how many there are.
int ExpectRecordedHashes(const std::filesystem::path& folder) {
  std::istringstream lines(PosixFiles().ReadAll(folder / "hashes.ndjson").value());
  int files = 0;
  for (std::string line; std::getline(lines, line); ++files) {
    const auto record = boost::json::parse(line);
    const std::string name(record.at("file").as_string());
    SCOPED_TRACE(name);
    const auto inspection = InspectSlice(Context::Background(), OpenFile(folder / name));
    EXPECT_TRUE(IsOk(inspection));
    if (!inspection) continue;
    EXPECT_EQ(inspection->logical_hash.ToText(),
              "f9680c00120" + std::string(record.at("parquet").as_string()));
  }
  return files;
}

TEST(SliceReader, GivesEveryGoldenFileItsHash) {
  EXPECT_EQ(ExpectRecordedHashes(kGolden / "logical-hash"), 10);
}

TEST(SliceReader, SeesEveryTypeAndEveryNullAsTheReferenceImplementation) {
  EXPECT_EQ(ExpectRecordedHashes(std::filesystem::path(WEIR_TEST_DATA) / "slices"), 59);
}

}  // namespace
}  // namespace weir::slices
