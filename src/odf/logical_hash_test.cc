#include "odf/logical_hash.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>

#include <boost/json.hpp>
#include <filesystem>
#include <sstream>

#include "base/files.h"

namespace weir::odf {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(WEIR_TEST_DATA) / "odf";

std::shared_ptr<arrow::Table> ReadParquet(const fs::path& path) {
  const auto file = arrow::io::ReadableFile::Open(path.string()).ValueOrDie();
  const auto reader = parquet::arrow::OpenFile(file, arrow::default_memory_pool()).ValueOrDie();
  return reader->ReadTable().ValueOrDie();
}

Multihash HashOf(const arrow::Table& table, std::int64_t batch_rows) {
  auto hasher = LogicalHasher::Make(*table.schema()).value();
  arrow::TableBatchReader batches(table);
  batches.set_chunksize(batch_rows);
  for (const auto& batch : batches.ToRecordBatches().ValueOrDie()) {
    hasher->Update(*batch).value();
  }
  return hasher->Finish();
}

TEST(LogicalHash, OfEveryGoldenFileIsTheOneOnRecord) {
  std::istringstream lines(PosixFiles().ReadAll(kGolden / "logical-hash/hashes.ndjson").value());
  int files = 0;
  for (std::string line; std::getline(lines, line); ++files) {
    const auto record = boost::json::parse(line);
    const std::string file(record.at("file").as_string());
    const std::string digest(record.at("parquet").as_string());
    SCOPED_TRACE(file);
    const auto table = ReadParquet(kGolden / "logical-hash" / file);
    EXPECT_EQ(HashOf(*table, 10'000).ToText(), "f9680c00120" + digest);
  }
  EXPECT_EQ(files, 10);
}

TEST(LogicalHash, OfAForeignSliceIsTheOneInItsBlock) {
  const fs::path slices = kGolden / "kamu-dataset/population/data";
  EXPECT_EQ(
      HashOf(*ReadParquet(slices /
                          "f16209a69f2b4c0a4ea9f3d65ba32997008f83497b643c8669882d5a8c397641eb431"),
             10'000)
          .ToText(),
      "f9680c00120eb13aa4754f110ee196f68ff97866048ef90fa02fdf876ab27a2ce49e24bdc5f");
  EXPECT_EQ(
      HashOf(*ReadParquet(slices /
                          "f1620c7ab85d7d7e166f76bbd9e2c44232c26977e235b58bd8a95e5e4836937600144"),
             10'000)
          .ToText(),
      "f9680c001207da7e18db817ba16e628f2eddd0fcc74da7093a892d1b85b24f6a57c5a4f4cc0");
}

TEST(LogicalHash, DoesNotDependOnHowRowsAreCutIntoBatches) {
  for (const char* file : {"odf-slice.parquet", "utf8.parquet", "list-int32.parquet"}) {
    const auto table = ReadParquet(kGolden / "logical-hash" / file);
    EXPECT_EQ(HashOf(*table, 1), HashOf(*table, 10'000)) << file;
  }
}

TEST(LogicalHash, TellsANullFromAnEmptyTextAndFromZero) {
  const auto column = [](const std::shared_ptr<arrow::Array>& array) {
    return HashOf(*arrow::Table::Make(arrow::schema({arrow::field("a", array->type())}), {array}),
                  10);
  };
  arrow::StringBuilder nothing;
  arrow::StringBuilder empty;
  ASSERT_TRUE(nothing.AppendNull().ok());
  ASSERT_TRUE(empty.Append("").ok());
  EXPECT_NE(column(nothing.Finish().ValueOrDie()), column(empty.Finish().ValueOrDie()));
}

TEST(LogicalHash, RefusesATypeItHasNoRuleForAndNamesTheColumn) {
  const auto inner = arrow::struct_({arrow::field("c", arrow::map(arrow::utf8(), arrow::int32()))});
  const auto status = CheckHashable(*arrow::schema({arrow::field("b", inner)}));
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("column b.c"), std::string::npos);
  const auto list = arrow::list(arrow::struct_({arrow::field("x", arrow::int8())}));
  EXPECT_FALSE(CheckHashable(*arrow::schema({arrow::field("a", list)})));
  EXPECT_FALSE(
      CheckHashable(*arrow::schema({arrow::field("a", arrow::duration(arrow::TimeUnit::MILLI))})));
  EXPECT_FALSE(CheckHashable(*arrow::schema({arrow::field("a", arrow::null())})));
}

}  // namespace
}  // namespace weir::odf
