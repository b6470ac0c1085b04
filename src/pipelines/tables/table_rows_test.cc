#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/memory_file.h"
#include "base/testing/matchers.h"
#include "pipelines/tables/avro_rows.h"
#include "pipelines/tables/orc_rows.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

std::string Content(const std::string& name) {
  return PosixFiles().ReadAll(std::string(WEIR_TEST_DATA) + "/tables/" + name).value();
}

Result<std::uint64_t> Count(Result<std::unique_ptr<engine::RowStream>> rows) {
  if (!rows) return rows.error();
  std::uint64_t count = 0;
  for (;;) {
    ASSIGN_OR_RETURN(const auto batch, (*rows)->Next());
    if (!batch) return count;
    if (const auto valid = batch->ValidateFull(); !valid.ok())
      return Internal("{}", valid.message());
    count += static_cast<std::uint64_t>(batch->num_rows());
  }
}

Result<std::uint64_t> CountAvro(std::string content) {
  return Count(ReadAvro(Context::Background(), FileOf(std::move(content))));
}

Result<std::uint64_t> CountOrc(std::string content) {
  return Count(ReadOrc(Context::Background(), FileOf(std::move(content)), true));
}

// Goal: no damage takes the reader off its feet. Method: cut the file at every place, and turn each
// bit of it in turn; whatever is read has no more rows than the whole.
void ReadDamaged(const std::string& whole, std::uint64_t rows,
                 const std::function<Result<std::uint64_t>(std::string)>& count) {
  ASSERT_EQ(count(whole).value(), rows);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto cut = count(whole.substr(0, size));
    if (cut) {
      EXPECT_LT(*cut, rows) << size;
    }
  }
  for (std::size_t bit = 0; bit < whole.size() * 8; bit += 3) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto read = count(flipped);
    if (!read) {
      EXPECT_NE(read.error().code, ErrorCode::kInternal) << read.error().message;
    }
  }
}

TEST(ReadAvro, ReadsEveryTypeThatIsAColumn) {
  auto rows = ReadAvro(Context::Background(), FileOf(Content("every_type.avro")));
  ASSERT_TRUE(IsOk(rows));
  const auto batch = (*rows)->Next();
  ASSERT_TRUE(IsOk(batch));
  EXPECT_EQ((*batch)->num_rows(), 1);
  std::string types;
  for (const auto& field : (*rows)->schema()->fields()) types += field->type()->ToString() + "\n";
  EXPECT_EQ(types,
            "int32\nint64\nfloat\ndouble\nbool\nstring\nbinary\ndecimal128(10, 2)\n"
            "date32[day]\ntimestamp[ms, tz=UTC]\ntimestamp[us, tz=UTC]\ntimestamp[us]\nstring\n"
            "string\nlist<item: int32>\nstruct<x: int32>\n");
  EXPECT_EQ((*batch)->column(7)->GetScalar(0).ValueOrDie()->ToString(), "-12.34");
  EXPECT_TRUE((*batch)->column(1)->IsNull(0));
  EXPECT_EQ((*(*rows)->Next()), nullptr);
}

TEST(ReadAvro, ReadsEveryCodec) {
  for (const char* codec : {"null", "deflate", "snappy", "zstandard", "bzip2", "xz"}) {
    EXPECT_EQ(CountAvro(Content(std::string("sales_") + codec + ".avro")).value(), 3u) << codec;
  }
}

TEST(ReadAvro, RefusesAllDamage) {
  for (const char* codec : {"null", "deflate", "snappy", "zstandard", "bzip2", "xz"}) {
    SCOPED_TRACE(codec);
    ReadDamaged(Content(std::string("sales_") + codec + ".avro"), 3, CountAvro);
  }
  ReadDamaged(Content("every_type.avro"), 1, CountAvro);
}

// An Avro file of one block, whose rows are `data`.
std::string AvroFile(const std::string& schema, char rows, const std::string& data) {
  const auto text = [](const std::string& value) {
    const std::size_t twice = value.size() * 2;
    return std::string{static_cast<char>(0x80 | (twice & 0x7F)), static_cast<char>(twice >> 7)} +
           value;
  };
  const std::string sync(16, 's');
  return std::string("Obj\x01\x02", 5) + text("avro.schema") + text(schema) + std::string(1, 0) +
         sync + static_cast<char>(rows * 2) + text(data) + sync;
}

std::string Record(const std::string& fields) {
  return R"({"type": "record", "name": "R", "fields": [)" + fields + "]}";
}

TEST(ReadAvro, TakesNoFilesWordForItsCounts) {
  const std::string nothing = Record(R"({"name": "a", "type": "null"})");
  EXPECT_THAT(CountAvro(AvroFile(nothing, 50, "")).error().message, HasSubstr("fewer rows"));
  const std::string list = Record(R"({"name": "a", "type": {"type": "array", "items": "null"}})");
  // 2^62 items of no bytes.
  const std::string many("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01\x00", 11);
  EXPECT_EQ(CountAvro(AvroFile(list, 1, many)).error().message,
            "row 1: column a: there are fewer entries than it says");
}

TEST(ReadAvro, NamesRowAndColumnOfAValueThatIsNone) {
  const std::string schema = Record(
      R"({"name": "a", "type": {"type": "record", "name": "S",
                                "fields": [{"name": "b", "type": "boolean"}]}})");
  EXPECT_EQ(CountAvro(AvroFile(schema, 2, std::string("\x01\x07", 2))).error().message,
            "row 2: column a.b: a boolean is neither true nor false");
}

TEST(ReadAvro, RefusesSchemasThatGrowWithoutEnd) {
  EXPECT_THAT(CountAvro(AvroFile(Record(R"({"name": "a", "type": ["null", "R"]})"), 1, "x"))
                  .error()
                  .message,
              HasSubstr("holds itself"));
  // Each record has ten fields of the one before: ten billion columns.
  std::string fields =
      R"({"name": "f0", "type": {"type": "record", "name": "R0", "fields": [{"name": "x", "type": "int"}]}})";
  for (int level = 1; level < 10; ++level) {
    std::string inner;
    for (int i = 0; i < 10; ++i) {
      inner += (i == 0 ? "" : ", ") + std::string(R"({"name": "g)") + std::to_string(i) +
               R"(", "type": "R)" + std::to_string(level - 1) + "\"}";
    }
    fields += R"(, {"name": "f)" + std::to_string(level) +
              R"(", "type": {"type": "record", "name": "R)" + std::to_string(level) +
              R"(", "fields": [)" + inner + "]}}";
  }
  const auto read = CountAvro(AvroFile(Record(fields), 1, "x"));
  EXPECT_EQ(read.error().code, ErrorCode::kExhausted) << read.error().message;
}

TEST(ReadOrc, ReadsRowsAndCutsTimesOnlyWhereItMay) {
  EXPECT_EQ(CountOrc(Content("sales.orc")).value(), 3u);
  EXPECT_EQ(CountOrc(Content("nanoseconds.orc")).value(), 1u);
  const auto exact =
      Count(ReadOrc(Context::Background(), FileOf(Content("nanoseconds.orc")), false));
  EXPECT_THAT(exact.error().message, HasSubstr("column at: nanoseconds would be cut"));
}

TEST(ReadOrc, RefusesAllDamage) { ReadDamaged(Content("nanoseconds.orc"), 1, CountOrc); }

}  // namespace
}  // namespace weir::pipelines
