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

TEST(SliceReader, GivesEveryGoldenFileItsHash) {
  std::istringstream lines(GoldenBytes("logical-hash/hashes.ndjson"));
  int files = 0;
  for (std::string line; std::getline(lines, line); ++files) {
    const auto record = boost::json::parse(line);
    const std::string name(record.at("file").as_string());
    SCOPED_TRACE(name);
    const auto inspection =
        InspectSlice(Context::Background(), FileOf(GoldenBytes("logical-hash/" + name)));
    ASSERT_TRUE(IsOk(inspection));
    EXPECT_EQ(inspection->logical_hash.ToText(),
              "f9680c00120" + std::string(record.at("parquet").as_string()));
  }
  EXPECT_EQ(files, 10);
}

}  // namespace
}  // namespace weir::slices
