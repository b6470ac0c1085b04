#include "slices/slice_writer.h"

#include <arrow/io/memory.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "base/testing/matchers.h"
#include "slices/check_slice.h"
#include "slices/slice_reader.h"
#include "slices/testing/golden_slices.h"
#include "slices/testing/slice_testing.h"

namespace weir::slices {
namespace {

using arrow::field;

const auto kUtc = arrow::timestamp(arrow::TimeUnit::MILLI, "UTC");

std::shared_ptr<arrow::Table> ReadAll(const std::string& content, std::uint64_t first_row = 0) {
  const auto reader = SliceReader::Open(Context::Background(), FileOf(content),
                                        {.first_row = first_row, .memory_bytes = 1 << 28});
  return Drain(*reader.value()).value();
}

// The rows a merge gave, for the file to be written again: without offset and system time.
std::shared_ptr<arrow::Table> MergedRows(const arrow::Table& slice) {
  return slice.RemoveColumn(2).ValueOrDie()->RemoveColumn(0).ValueOrDie();
}

template <typename Builder, typename T>
std::shared_ptr<arrow::Array> Column(const std::shared_ptr<arrow::DataType>& type,
                                     const std::vector<std::optional<T>>& values) {
  Builder builder(type, arrow::default_memory_pool());
  for (const auto& value : values) {
    EXPECT_TRUE((value ? builder.Append(*value) : builder.AppendNull()).ok());
  }
  return builder.Finish().ValueOrDie();
}

std::shared_ptr<arrow::Array> Int32s(std::vector<std::optional<std::int32_t>> values) {
  return Column<arrow::Int32Builder, std::int32_t>(arrow::int32(), values);
}

std::shared_ptr<arrow::Array> Times(std::vector<std::optional<std::int64_t>> values,
                                    const std::shared_ptr<arrow::DataType>& type = kUtc) {
  return Column<arrow::TimestampBuilder, std::int64_t>(type, values);
}

std::shared_ptr<arrow::Array> Texts(std::vector<std::optional<std::string>> values) {
  return Column<arrow::StringBuilder, std::string>(arrow::utf8(), values);
}

// Rows with `count` times op 0 and event times 0, 1, 2..., and these data columns.
std::shared_ptr<arrow::Table> RowsWith(arrow::FieldVector fields, arrow::ArrayVector columns) {
  const std::int64_t count = columns.empty() ? 3 : columns[0]->length();
  std::vector<std::optional<std::int32_t>> ops(static_cast<std::size_t>(count), 0);
  std::vector<std::optional<std::int64_t>> times;
  for (std::int64_t i = 0; i < count; ++i) times.emplace_back(i);
  fields.insert(fields.begin(), {field("op", arrow::int32()), field("event_time", kUtc)});
  columns.insert(columns.begin(), {Int32s(ops), Times(times)});
  return arrow::Table::Make(arrow::schema(fields), columns);
}

struct Outcome {
  std::string content;
  Result<std::optional<WrittenSlice>> written;
};

Outcome Write(const arrow::Table& rows, const SliceRequest& request = {},
              std::int64_t batch_rows = 4096) {
  TestRows stream(rows, batch_rows);
  TestSink sink;
  auto written = WriteSlice(Context::Background(), stream, request, sink);
  return {std::move(sink.content), std::move(written)};
}

// What was written is what its description says; gives its rows.
std::shared_ptr<arrow::Table> Checked(const Outcome& outcome) {
  EXPECT_TRUE(IsOk(outcome.written));
  const WrittenSlice& written = **outcome.written;
  const auto report =
      CheckSlice(Context::Background(), {.file = FileOf(outcome.content), .slice = written.slice});
  EXPECT_TRUE(IsOk(report));
  EXPECT_EQ(report->facts, written.facts);
  EXPECT_TRUE(report->schema->Equals(*written.schema)) << report->schema->ToString();
  return ReadAll(outcome.content);
}

TEST(SliceWriter, WritesGoldenRowsUnderTheirGoldenHash) {
  for (const GoldenSlice& golden : GoldenSlices()) {
    const auto rows = ReadAll(GoldenBytes(golden.path));
    const Outcome outcome = Write(
        *MergedRows(*rows),
        {.start_offset = golden.slice.offset_interval.start, .system_time = golden.system_time});
    EXPECT_TRUE(Checked(outcome)->Equals(*rows));
    const auto& slice = (*outcome.written)->slice;
    EXPECT_EQ(slice.logical_hash, golden.slice.logical_hash);
    EXPECT_EQ(slice.offset_interval, golden.slice.offset_interval);
    EXPECT_EQ(slice.size, outcome.content.size());
    EXPECT_EQ(slice.physical_hash, Multihash::Sha3Of(AsBytes(outcome.content)));
  }
}

TEST(SliceWriter, WritesNothingForNoRows) {
  const Outcome outcome = Write(*RowsWith({field("a", arrow::utf8())}, {Texts({})}));
  ASSERT_TRUE(IsOk(outcome.written));
  EXPECT_FALSE(outcome.written->has_value());
  EXPECT_TRUE(outcome.content.empty());
}

TEST(SliceWriter, DescribesColumnsByTheirFacts) {
  const auto numbers =
      Column<arrow::DoubleBuilder, double>(arrow::float64(), {1.5, std::nullopt, -2.0});
  const auto broken = Column<arrow::DoubleBuilder, double>(arrow::float64(), {1.5, NAN, 2.0});
  const auto flags =
      Column<arrow::BooleanBuilder, bool>(arrow::boolean(), {true, std::nullopt, true});
  const Outcome outcome =
      Write(*RowsWith({field("text", arrow::utf8()), field("number", arrow::float64()),
                       field("nan", arrow::float64()), field("flag", arrow::boolean()),
                       field("none", arrow::utf8())},
                      {Texts({"b", std::string(70, 'x'), "a"}), numbers, broken, flags,
                       Texts({std::nullopt, std::nullopt, std::nullopt})}));
  ASSERT_TRUE(IsOk(outcome.written));
  const SliceFacts& facts = (*outcome.written)->facts;
  const std::vector<ColumnFacts> data(facts.columns.begin() + 4, facts.columns.end());
  EXPECT_EQ(facts.rows, 3U);
  EXPECT_EQ(facts.min_event_time, Timestamp(std::chrono::milliseconds(0)));
  EXPECT_EQ(facts.max_event_time, Timestamp(std::chrono::milliseconds(2)));
  EXPECT_EQ(facts.columns[3].bounds, (engine::ColumnBounds{std::int64_t{0}, std::int64_t{2'000}}));
  EXPECT_EQ(data[0].bounds, (engine::ColumnBounds{std::string("a"), std::string(63, 'x') + "y"}));
  EXPECT_EQ(data[1], (ColumnFacts{.bounds = {-2.0, 1.5}, .nulls = 1}));
  EXPECT_EQ(data[2], ColumnFacts{});
  EXPECT_EQ(data[3], (ColumnFacts{.bounds = {true, true}, .nulls = 1}));
  EXPECT_EQ(data[4], ColumnFacts{.nulls = 3});
  Checked(outcome);
}

TEST(SliceWriter, CutsTimesToMillisecondsUtcUnlessToldToKeepThem) {
  const auto micros = arrow::timestamp(arrow::TimeUnit::MICRO);
  const auto rows = RowsWith({field("t", micros)}, {Times({1'999, -1'999, std::nullopt}, micros)});
  const auto cut = Checked(Write(*rows));
  EXPECT_TRUE(cut->column(4)->chunk(0)->Equals(Times({1, -1, std::nullopt})));
  const auto kept = Checked(Write(*rows, {.timestamps = TimestampForm::kAsGiven}));
  EXPECT_TRUE(kept->column(4)->chunk(0)->Equals(Times({1'999, -1'999, std::nullopt}, micros)));
}

TEST(SliceWriter, RefusesWhatAReaderWouldSeeOtherwise) {
  const auto refused = [](const std::shared_ptr<arrow::DataType>& type) {
    const auto values = arrow::MakeArrayOfNull(type, 3).ValueOrDie();
    const Outcome outcome = Write(*RowsWith({field("x", type)}, {values}));
    EXPECT_FALSE(outcome.written) << type->ToString();
    EXPECT_TRUE(outcome.content.empty());
    if (outcome.written) return;
    EXPECT_EQ(outcome.written.error().code, ErrorCode::kInvalid);
    EXPECT_NE(outcome.written.error().message.find("column x"), std::string::npos)
        << outcome.written.error().message;
  };
  refused(arrow::duration(arrow::TimeUnit::MILLI));
  refused(arrow::map(arrow::utf8(), arrow::int32()));
  refused(arrow::list(arrow::struct_({field("a", arrow::int8())})));
  refused(arrow::dictionary(arrow::int32(), arrow::utf8()));
  refused(arrow::time32(arrow::TimeUnit::SECOND));
}

TEST(SliceWriter, RefusesANullWhereNoneMayBeAndSaysWhere) {
  const auto rows = RowsWith({field("a", arrow::utf8())}, {Texts({"x", std::nullopt, "z"})});
  const auto refused = Write(*rows, {.start_offset = 100, .required = {"a"}}).written;
  ASSERT_EQ(CodeOf(refused), ErrorCode::kInvalid);
  EXPECT_EQ(refused.error().message,
            "column a is declared without nulls and has one at offset 101");
}

TEST(SliceWriter, RefusesColumnsThatAreMissingOrTwice) {
  const auto no_op = arrow::Table::Make(arrow::schema({field("event_time", kUtc)}), {Times({0})});
  EXPECT_EQ(CodeOf(Write(*no_op).written), ErrorCode::kInvalid);
  const auto offset = RowsWith({field("offset", arrow::utf8())}, {Texts({"x"})});
  EXPECT_EQ(CodeOf(Write(*offset).written), ErrorCode::kInvalid);
  const auto seven =
      arrow::Table::Make(arrow::schema({field("op", arrow::int32()), field("event_time", kUtc)}),
                         {Int32s({7}), Times({0})});
  EXPECT_EQ(CodeOf(Write(*seven).written), ErrorCode::kInvalid);
}

TEST(SliceWriter, NamesSystemColumnsByTheVocabulary) {
  const auto rows = arrow::Table::Make(
      arrow::schema({field("kind", arrow::int32()), field("at", kUtc)}), {Int32s({0}), Times({5})});
  const odf::SetVocab vocab{.offset_column = "nr",
                            .operation_type_column = "kind",
                            .system_time_column = "seen",
                            .event_time_column = "at"};
  const Outcome outcome = Write(*rows, {.vocab = vocab});
  ASSERT_TRUE(IsOk(outcome.written));
  EXPECT_EQ((*outcome.written)->schema->field_names(),
            (std::vector<std::string>{"nr", "kind", "seen", "at"}));
  EXPECT_EQ((*outcome.written)->facts.max_event_time, Timestamp(std::chrono::milliseconds(5)));
}

// A sink that fails after some bytes.
class BrokenSink final : public ByteSink {
 public:
  explicit BrokenSink(std::size_t left) : left_(left) {}
  Status Write(ByteView bytes) override {
    if (bytes.size() > left_) return Exhausted("the disk is full");
    left_ -= bytes.size();
    return Ok();
  }

 private:
  std::size_t left_;
};

std::shared_ptr<arrow::Table> ManyRows(std::int64_t count) {
  arrow::Int64Builder numbers;
  arrow::StringBuilder texts;
  std::uint64_t random = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    EXPECT_TRUE(numbers.Append(static_cast<std::int64_t>(random)).ok());
    EXPECT_TRUE(texts.Append(std::to_string(random >> 40U)).ok());
  }
  return RowsWith({field("n", arrow::int64()), field("s", arrow::utf8())},
                  {numbers.Finish().ValueOrDie(), texts.Finish().ValueOrDie()});
}

TEST(SliceWriter, PassesOnWhyTheSinkFailed) {
  const auto rows = ManyRows(450'000);
  for (const std::size_t room : {0, 1, 2'000'000, 9'000'000}) {
    SCOPED_TRACE(room);
    TestRows stream(*rows, 8192);
    BrokenSink sink(room);
    const auto written = WriteSlice(Context::Background(), stream, {}, sink);
    ASSERT_EQ(CodeOf(written), ErrorCode::kExhausted);
    EXPECT_EQ(written.error().message, "the disk is full");
  }
}

TEST(SliceWriter, EndsWhenNobodyWantsTheSliceAnyMore) {
  std::stop_source stop;
  stop.request_stop();
  TestRows stream(*ManyRows(10), 3);
  TestSink sink;
  EXPECT_EQ(
      CodeOf(WriteSlice(Context::Background().WithCancel(stop.get_token()), stream, {}, sink)),
      ErrorCode::kCancelled);
}

TEST(SliceWriter, CutsABigSliceIntoRowGroupsAtTensOfThousands) {
  const Outcome outcome = Write(*ManyRows(450'001));
  const auto file =
      std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(outcome.content));
  const auto metadata = parquet::ParquetFileReader::Open(file)->metadata();
  ASSERT_EQ(metadata->num_row_groups(), 3);
  EXPECT_EQ(metadata->RowGroup(0)->num_rows(), 200'000);
  EXPECT_EQ(metadata->RowGroup(1)->num_rows(), 200'000);
  const auto rows = Checked(outcome);
  EXPECT_EQ(rows->num_rows(), 450'001);
  EXPECT_TRUE(ReadAll(outcome.content, 401'234)->Equals(*rows->Slice(401'234)));
  EXPECT_TRUE(ReadAll(outcome.content, 199'999)->Equals(*rows->Slice(199'999)));
  EXPECT_EQ(ReadAll(outcome.content, 1'000'000)->num_rows(), 0);
}

// What is computed again comes in other batches, and has to give the file that its block names.
TEST(SliceWriter, TheFileDoesNotDependOnHowTheRowsCome) {
  const auto rows = ManyRows(450'001);
  const Outcome outcome = Write(*rows);
  for (const std::int64_t batch_rows : {777, 2048, 10'000, 500'000}) {
    EXPECT_TRUE(Write(*rows, {}, batch_rows).content == outcome.content) << batch_rows;
  }
}

// Goal: any table comes back as it was, whatever its batches, and its hash does not depend on them.
RC_GTEST_PROP(SliceWriter, GivesBackRandomTables, ()) {
  const auto count = static_cast<std::size_t>(*rc::gen::inRange(1, 300));
  const auto ints = *rc::gen::container<std::vector<std::optional<std::int64_t>>>(
      count,
      rc::gen::map(
          rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::arbitrary<std::int64_t>()),
          [](const auto& pair) { return pair.first ? std::optional(pair.second) : std::nullopt; }));
  arrow::Int64Builder n;
  arrow::StringBuilder s;
  arrow::ListBuilder l(arrow::default_memory_pool(), std::make_shared<arrow::DoubleBuilder>());
  auto& items = static_cast<arrow::DoubleBuilder&>(*l.value_builder());
  arrow::StructBuilder t(
      arrow::struct_({field("x", arrow::int32()), field("y", arrow::utf8())}),
      arrow::default_memory_pool(),
      {std::make_shared<arrow::Int32Builder>(), std::make_shared<arrow::StringBuilder>()});
  auto& x = static_cast<arrow::Int32Builder&>(*t.field_builder(0));
  auto& y = static_cast<arrow::StringBuilder&>(*t.field_builder(1));
  bool ok = true;
  for (const auto& value : ints) {
    const std::uint64_t seed = value ? static_cast<std::uint64_t>(*value) : 3;
    ok &= (value ? n.Append(*value) : n.AppendNull()).ok();
    ok &= (seed % 5 == 0 ? s.AppendNull() : s.Append(std::to_string(seed))).ok();
    ok &= (seed % 7 == 0 ? l.AppendNull() : l.Append()).ok();
    for (std::uint64_t i = 0; seed % 7 != 0 && i < seed % 4; ++i) {
      ok &= (i == 2 ? items.AppendNull() : items.Append(static_cast<double>(seed + i))).ok();
    }
    ok &= t.Append(seed % 3 != 0).ok();
    ok &= (seed % 2 == 0 ? x.AppendNull() : x.Append(static_cast<std::int32_t>(seed))).ok();
    ok &= (seed % 11 == 0 ? y.AppendNull() : y.Append("y" + std::to_string(seed % 13))).ok();
  }
  RC_ASSERT(ok);
  const auto rows = RowsWith({field("n", arrow::int64()), field("s", arrow::utf8()),
                              field("l", arrow::list(arrow::float64())), field("t", t.type())},
                             {n.Finish().ValueOrDie(), s.Finish().ValueOrDie(),
                              l.Finish().ValueOrDie(), t.Finish().ValueOrDie()});
  const Outcome whole = Write(*rows, {.start_offset = 77});
  const Outcome pieces = Write(*rows, {.start_offset = 77}, *rc::gen::inRange(1, 50));
  RC_ASSERT((*whole.written)->slice.logical_hash == (*pieces.written)->slice.logical_hash);
  const auto back = Checked(whole)->CombineChunks().ValueOrDie();
  for (int i = 0; i < rows->num_columns(); ++i) {
    RC_ASSERT(MergedRows(*back)->column(i)->Equals(*rows->column(i)));
  }
}

}  // namespace
}  // namespace weir::slices
