#include "pipelines/converted_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/memory_file.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "pipelines/testing/ingest_home.h"
#include "pipelines/zip_parts.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string Content(const std::string& name) {
  return PosixFiles().ReadAll(std::string(WEIR_TEST_DATA) + "/tables/" + name).value();
}

constexpr std::string_view kPeople = R"({
  "read": {"kind": "NdJson", "ddlSchema": ["id BIGINT NOT NULL", "name STRING"]},
  "merge": {"kind": "Append"}})";

TEST(ConvertInput, BringsInWhatNoReadStepReads) {
  IngestHome home(kPeople);
  ASSERT_TRUE(IsOk(home.Push(Content("sales_snappy.avro"), "sales.avro")));
  EXPECT_THAT(home.Rows(), HasSubstr(" 1 a\n"));
  ASSERT_TRUE(IsOk(home.Push(Content("sales.orc"), "sales.orc")));
  ASSERT_TRUE(IsOk(home.Push(Content("sales.xlsx"), "sales.xlsx")));
  EXPECT_THAT(home.Rows(), HasSubstr(" 4 d\n"));
}

TEST(ConvertInput, NamesFileRowColumnAndValueOfABadCell) {
  IngestHome home(kPeople);
  EXPECT_EQ(home.Push(Content("bad_cell.xlsx"), "bad.xlsx").error().message,
            "bad.xlsx, row 4, column id: 'many' is no Int64");
  EXPECT_EQ(home.Push(Content("half.xlsx"), "half.xlsx").error().message,
            "half.xlsx, row 3, column id: '1.5' is no Int64");
  EXPECT_EQ(home.record().slices, 0u);
}

TEST(ConvertInput, NamesTheBadCellOfTypedFilesToo) {
  IngestHome home(R"({"read": {"kind": "Parquet", "ddlSchema": ["price INT"]},
                      "merge": {"kind": "Append"}})");
  EXPECT_EQ(home.Push(Content("sales_null.avro"), "sales.avro").error().message,
            "sales.avro, row 2, column price: '1.5' is no Int32");
}

TEST(ConvertInput, KeepsTimesAsTheDatasetDoes) {
  IngestHome home(R"({"read": {"kind": "Parquet", "ddlSchema": ["micros TIMESTAMP"]},
                      "merge": {"kind": "Append"}})");
  ASSERT_TRUE(IsOk(home.Push(Content("every_type.avro"), "every_type.avro")));
  EXPECT_THAT(home.Rows(), HasSubstr("2024-05-06 07:08:09.123000Z"));
}

TEST(ConvertInput, LeavesNothingInTheScratchDirectory) {
  TempDir directory;
  const std::filesystem::path scratch = directory.path() / "scratch";
  const ScratchPlace place{.files = PosixFiles(), .directory = scratch};
  {
    const auto converted = ConvertInput(Context::Background(), place,
                                        {.input = FileOf(Content("sales.xlsx")),
                                         .name = "sales.xlsx",
                                         .format = InputFormat::kXlsx});
    ASSERT_TRUE(IsOk(converted));
    EXPECT_EQ(converted->place(3), "row 6");
  }
  EXPECT_EQ(ConvertInput(Context::Background(), place,
                         {.input = FileOf(Content("error.xlsx")),
                          .name = "error.xlsx",
                          .format = InputFormat::kXlsx})
                .error()
                .message,
            "error.xlsx: row 2, column A: '#DIV/0!' is an error, no value");
  EXPECT_THAT(PosixFiles().List(scratch).value(), IsEmpty());
}

TEST(OpenZipParts, HoldsAllPartsTogetherToTheLimit) {
  TempDir directory;
  const Context context = Context::Background();
  const auto open = [&](std::uint64_t max_bytes) {
    return OpenZipParts(context, {.files = PosixFiles(), .directory = directory.path()},
                        FileOf(Content("sales.xlsx")), {.max_bytes = max_bytes})
        .value();
  };
  const auto size = open(1 << 20)("xl/workbook.xml").value()->size();
  const auto parts = open(size + 10);
  ASSERT_TRUE(IsOk(parts("xl/workbook.xml")));
  EXPECT_EQ(parts("xl/styles.xml").error().code, ErrorCode::kExhausted);
  EXPECT_EQ(parts("xl/nothing.xml").error().code, ErrorCode::kNotFound);
  EXPECT_THAT(PosixFiles().List(directory.path()).value(), IsEmpty());
}

}  // namespace
}  // namespace weir::pipelines
