#include "pipelines/converted_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <span>
#include <utility>

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

// A file that counts how much of it is read, and calls `on_first_read`.
class WatchedFile final : public ReadableFile {
 public:
  explicit WatchedFile(std::string content) : file_(FileOf(std::move(content))) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> into) const override {
    if (on_first_read) std::exchange(on_first_read, nullptr)();
    auto count = file_->Read(offset, into);
    if (count) bytes += *count;
    return count;
  }
  std::uint64_t size() const override { return file_->size(); }

  mutable std::function<void()> on_first_read;
  mutable std::uint64_t bytes = 0;

 private:
  const std::shared_ptr<const ReadableFile> file_;
};

TEST(Ingestor, ConvertsAnInputOnceThoughAnotherWriterWasFaster) {
  IngestHome home(kPeople);
  const auto file = std::make_shared<WatchedFile>(Content("sales_snappy.avro"));
  const PushRequest request{.dataset = home.id(), .input = file, .input_name = "sales.avro"};
  ASSERT_TRUE(IsOk(home.ingestor().Push(home.context(), request)));
  const std::uint64_t once = std::exchange(file->bytes, 0);
  file->on_first_read = [&] {
    const auto record = home.record();
    ASSERT_TRUE(IsOk(home.chains().Append(
        home.context(), {.id = home.id(),
                         .expected_head = record.chain.head,
                         .system_time = record.chain.system_time,
                         .blocks = {{.event = {odf::SetInfo{.description = "other"}}}}})));
  };
  ASSERT_TRUE(IsOk(home.ingestor().Push(home.context(), request)));
  EXPECT_EQ(file->on_first_read, nullptr);
  EXPECT_EQ(file->bytes, once);
}

TEST(Ingestor, ConvertsWhatWasInferredOnce) {
  for (const char* name : {"sales_snappy.avro", "sales.orc", "sales.xlsx"}) {
    SCOPED_TRACE(name);
    IngestHome home(kPeople);
    const auto file = std::make_shared<WatchedFile>(Content(name));
    const auto inferred =
        home.ingestor().Infer(home.context(), file, name, slices::TimeRule::kMicroseconds);
    ASSERT_TRUE(IsOk(inferred));
    ASSERT_NE(inferred->converted, nullptr);
    file->bytes = 0;
    ASSERT_TRUE(IsOk(home.ingestor().Push(home.context(), {.dataset = home.id(),
                                                           .input = file,
                                                           .input_name = name,
                                                           .converted = inferred->converted,
                                                           .keeps_microseconds = true})));
    EXPECT_LE(file->bytes, 4u);  // what tells an Avro file
  }
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
