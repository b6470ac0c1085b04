#include "slices/check_slice.h"

#include <arrow/io/memory.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include "base/rng.h"
#include "base/testing/matchers.h"
#include "slices/inspect_slice.h"
#include "slices/slice_reader.h"
#include "slices/slice_writer.h"
#include "slices/testing/golden_slices.h"
#include "slices/testing/slice_testing.h"

namespace weir::slices {
namespace {

Result<SliceReport> Check(std::string content, const odf::DataSlice& slice) {
  return CheckSlice(Context::Background(), {.file = FileOf(std::move(content)), .slice = slice});
}

TEST(CheckSlice, FindsGoldenSlicesGood) {
  for (const GoldenSlice& golden : GoldenSlices()) {
    const auto report = Check(GoldenBytes(golden.path), golden.slice);
    ASSERT_TRUE(IsOk(report));
    EXPECT_EQ(report->facts.rows,
              golden.slice.offset_interval.end - golden.slice.offset_interval.start + 1);
    EXPECT_TRUE(report->facts.max_event_time);
  }
}

TEST(CheckSlice, NamesTheFirstThingThatIsWrong) {
  const GoldenSlice golden = GoldenSlices()[1];
  const std::string content = GoldenBytes(golden.path);
  const auto message = [&](odf::DataSlice slice) {
    const auto report = Check(content, slice);
    EXPECT_EQ(CodeOf(report), ErrorCode::kCorrupt);
    return report ? "" : report.error().message;
  };
  odf::DataSlice wrong = golden.slice;
  wrong.size += 1;
  EXPECT_NE(message(wrong).find("2033 bytes long, and its block says 2034"), std::string::npos);
  wrong = golden.slice;
  wrong.physical_hash = GoldenSlices()[0].slice.physical_hash;
  EXPECT_NE(message(wrong).find("(physical hash)"), std::string::npos);
  wrong = golden.slice;
  wrong.offset_interval = {3, 9};
  EXPECT_NE(message(wrong).find("6 rows, and its block says offsets 3 to 9"), std::string::npos);
  wrong.offset_interval = {4, 9};
  EXPECT_NE(message(wrong).find("column offset is 3 at row 0, where 4 follows"), std::string::npos);
  wrong = golden.slice;
  wrong.logical_hash = GoldenSlices()[0].slice.logical_hash;
  EXPECT_NE(message(wrong).find("(logical hash)"), std::string::npos);
}

TEST(CheckSlice, NamesTheColumnThatContradictsWhatIsKnownOfIt) {
  const GoldenSlice golden = GoldenSlices()[1];
  const std::string content = GoldenBytes(golden.path);
  const auto good = Check(content, golden.slice).value();
  const int city = good.schema->GetFieldIndex("city");
  ASSERT_GE(city, 0);
  odf::DataSlice foreign = golden.slice;
  foreign.logical_hash = GoldenSlices()[0].slice.logical_hash;
  const auto message = [&](const std::optional<SliceFacts>& known) {
    return CheckSlice(
               Context::Background(),
               {.file = FileOf(content), .slice = foreign, .known = [known] { return known; }})
        .error()
        .message;
  };
  SliceFacts other = good.facts;
  other.columns[static_cast<std::size_t>(city)].nulls += 1;
  EXPECT_NE(message(other).find("column city has other bounds or nulls"), std::string::npos);
  for (const auto& silent : {std::optional(good.facts), std::optional<SliceFacts>()}) {
    EXPECT_NE(message(silent).find("does not tell which"), std::string::npos) << message(silent);
  }
}

TEST(CheckSlice, ChecksSeveralAtOnceEachByItself) {
  std::vector<SliceToCheck> checks;
  for (const GoldenSlice& golden : GoldenSlices()) {
    checks.push_back({.file = FileOf(GoldenBytes(golden.path)), .slice = golden.slice});
  }
  checks.insert(checks.begin() + 1, checks[0]);
  checks[1].file = FileOf("short");
  const auto reports = CheckSlices(Context::Background(), checks);
  ASSERT_EQ(reports.size(), 3U);
  EXPECT_TRUE(IsOk(reports[0]));
  EXPECT_EQ(CodeOf(reports[1]), ErrorCode::kCorrupt);
  EXPECT_TRUE(IsOk(reports[2]));
}

// Goal: a damaged slice is never taken for a good one, and never does harm. Method: flip random
// bits; then pretend its block had been written for the damaged bytes, so that rows are decoded.
TEST(CheckSlice, FindsEveryBitFlip) {
  const GoldenSlice golden = GoldenSlices()[1];
  const std::string content = GoldenBytes(golden.path);
  const auto rng = SeededRng(20261121);
  int served = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string damaged = content;
    const std::uint64_t bit = rng->Below(damaged.size() * 8);
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(CodeOf(Check(damaged, golden.slice)), ErrorCode::kCorrupt) << bit;
    odf::DataSlice forged = golden.slice;
    forged.physical_hash = Multihash::Sha3Of(AsBytes(damaged));
    served += Check(damaged, forged) ? 1 : 0;
  }
  // Most bits of so small a file are metadata that changes no row.
  EXPECT_LT(served, 2'000);
}

TEST(CheckSlice, NamesTheColumnThatDoesNotDecode) {
  const GoldenSlice golden = GoldenSlices()[1];
  std::string damaged = GoldenBytes(golden.path);
  const auto metadata =
      parquet::ParquetFileReader::Open(
          std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(damaged)))
          ->metadata();
  const auto chunk = metadata->RowGroup(0)->ColumnChunk(4);
  const auto begin = static_cast<std::size_t>(chunk->data_page_offset());
  damaged.replace(begin, 4, 4, '\xFF');
  odf::DataSlice forged = golden.slice;
  forged.physical_hash = Multihash::Sha3Of(AsBytes(damaged));
  const auto report = Check(damaged, forged);
  ASSERT_EQ(CodeOf(report), ErrorCode::kCorrupt);
  EXPECT_NE(report.error().message.find("column city: "), std::string::npos)
      << report.error().message;
  // Also where the bytes give it away first.
  const std::string wrong_bytes = Check(damaged, golden.slice).error().message;
  EXPECT_NE(wrong_bytes.find("(physical hash): column city: "), std::string::npos) << wrong_bytes;
}

TEST(CheckSlice, FindsEveryTruncation) {
  const GoldenSlice golden = GoldenSlices()[0];
  const std::string content = GoldenBytes(golden.path);
  for (std::size_t size = 0; size < content.size(); size += 7) {
    odf::DataSlice forged = golden.slice;
    forged.size = size;
    forged.physical_hash = Multihash::Sha3Of(AsBytes(content.substr(0, size)));
    EXPECT_EQ(CodeOf(Check(content.substr(0, size), forged)), ErrorCode::kCorrupt) << size;
  }
}

// A file whose reads fail beyond some offset.
class FailingFile final : public ReadableFile {
 public:
  explicit FailingFile(std::string content) : content_(std::move(content)) {}
  std::uint64_t size() const override { return content_.size(); }
  Result<std::size_t> Read(std::uint64_t, std::span<std::byte>) const override {
    return Unavailable("the store does not answer");
  }

 private:
  const std::string content_;
};

TEST(CheckSlice, PassesOnWhyAFileCannotBeRead) {
  const GoldenSlice golden = GoldenSlices()[0];
  const auto file = std::make_shared<FailingFile>(GoldenBytes(golden.path));
  const auto report = CheckSlice(Context::Background(), {.file = file, .slice = golden.slice});
  EXPECT_EQ(CodeOf(report), ErrorCode::kUnavailable);
  EXPECT_EQ(CodeOf(SliceReader::Open(Context::Background(), file)), ErrorCode::kUnavailable);
}

TEST(SliceReader, KeepsWithinItsMemory) {
  const auto golden = GoldenBytes(GoldenSlices()[1].path);
  const auto open = SliceReader::Open(Context::Background(), FileOf(golden), {.memory_bytes = 100});
  EXPECT_EQ(CodeOf(open), ErrorCode::kExhausted);
}

TEST(SliceReader, GivesRowsThatOutliveIt) {
  const auto golden = GoldenBytes(GoldenSlices()[1].path);
  std::shared_ptr<arrow::RecordBatch> rows;
  {
    const auto reader = SliceReader::Open(Context::Background(), FileOf(golden)).value();
    rows = reader->Next().value();
  }
  EXPECT_TRUE(rows->ValidateFull().ok());
  EXPECT_EQ(rows->num_rows(), 6);
}

TEST(InspectSlice, TellsHashesRecordsSizeAndColumns) {
  const GoldenSlice golden = GoldenSlices()[0];
  const auto inspection =
      InspectSlice(Context::Background(), FileOf(GoldenBytes(golden.path))).value();
  EXPECT_EQ(inspection.logical_hash, golden.slice.logical_hash);
  EXPECT_EQ(inspection.physical_hash, golden.slice.physical_hash);
  EXPECT_EQ(inspection.records, 3U);
  EXPECT_EQ(inspection.size, 1970U);
  const std::string text = SchemaText(inspection);
  EXPECT_NE(text.find("population   int64, may be null\n"), std::string::npos) << text;
  EXPECT_FALSE(InspectSlice(Context::Background(), FileOf("PAR1 is no slice PAR1")));
}

}  // namespace
}  // namespace weir::slices
