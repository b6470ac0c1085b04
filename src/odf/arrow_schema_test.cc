#include "odf/arrow_schema.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <gtest/gtest.h>
#include <parquet/arrow/reader.h>

#include <cstring>
#include <filesystem>

#include "base/files.h"
#include "odf/codec.h"
#include "odf/json.h"

namespace weir::odf {
namespace {

namespace fs = std::filesystem;

const fs::path kDataset = fs::path(WEIR_TEST_DATA) / "odf/kamu-dataset/population";

std::shared_ptr<arrow::Schema> SchemaOfSlice(const char* name) {
  const auto file = arrow::io::ReadableFile::Open((kDataset / "data" / name).string()).ValueOrDie();
  const auto reader = parquet::arrow::OpenFile(file, arrow::default_memory_pool()).ValueOrDie();
  std::shared_ptr<arrow::Schema> schema;
  EXPECT_TRUE(reader->GetSchema(&schema).ok());
  return schema;
}

// The schema another tool wrote into the chain of these slices.
DataSchema SchemaInChain() {
  const auto bytes = PosixFiles().ReadAll(
      kDataset / "blocks/f162050d0f5a1cd4a7d925c64bb4315d5c255bce1a7e090a141978b4bfaf93194382c");
  const auto block = DecodeBlock(AsBytes(bytes.value())).value().block;
  return std::get<SetDataSchema>(block.event.value).schema.value();
}

TEST(ArrowSchema, OfAForeignSliceIsTheSchemaInItsChain) {
  for (const char* slice :
       {"f16209a69f2b4c0a4ea9f3d65ba32997008f83497b643c8669882d5a8c397641eb431",
        "f1620c7ab85d7d7e166f76bbd9e2c44232c26977e235b58bd8a95e5e4836937600144"}) {
    const auto schema = DataSchemaOf(*SchemaOfSlice(slice)).value();
    EXPECT_EQ(schema, SchemaInChain()) << SortedJson(ToJson(schema));
  }
}

std::shared_ptr<arrow::Schema> EveryType() {
  using arrow::field;
  const auto list = arrow::list(field("item", arrow::utf8(), false));
  return arrow::schema(
      {field("null", arrow::null()), field("bool", arrow::boolean(), false),
       field("int8", arrow::int8()), field("uint64", arrow::uint64(), false),
       field("half", arrow::float16()), field("double", arrow::float64()),
       field("text", arrow::utf8()), field("fixed", arrow::fixed_size_binary(7)),
       field("day", arrow::date32()), field("decimal", arrow::decimal128(38, -2)),
       field("wide", arrow::decimal256(39, 3)), field("ms", arrow::time32(arrow::TimeUnit::MILLI)),
       field("ns", arrow::time64(arrow::TimeUnit::NANO)),
       field("zoned", arrow::timestamp(arrow::TimeUnit::MICRO, "Europe/Berlin"), false),
       field("naive", arrow::timestamp(arrow::TimeUnit::MICRO)),
       field("span", arrow::duration(arrow::TimeUnit::SECOND)),
       field("map", arrow::map(arrow::utf8(), arrow::int32())),
       field("struct",
             arrow::struct_({field("list", list),
                             field("triple", arrow::fixed_size_list(arrow::int32(), 3), false)}))});
}

TEST(ArrowSchema, ComesBackFromItsLogicalTypes) {
  const auto logical = DataSchemaOf(*EveryType()).value();
  const auto back = ArrowSchemaOf(logical).value();
  EXPECT_TRUE(back->Equals(*EveryType())) << back->ToString();
  EXPECT_EQ(DataSchemaOf(*back).value(), logical);
  EXPECT_EQ(DataSchemaFromJson(ToJson(logical)).value(), logical);
}

TEST(ArrowSchema, LeavesOutHowValuesAreEncoded) {
  const auto metadata = arrow::key_value_metadata({"PARQUET:field_id"}, {"1"});
  const auto of = [](const std::shared_ptr<arrow::DataType>& type) {
    return DataSchemaOf(*arrow::schema({arrow::field("a", type)})).value();
  };
  EXPECT_EQ(of(arrow::large_utf8()), of(arrow::utf8()));
  EXPECT_EQ(of(arrow::utf8_view()), of(arrow::utf8()));
  EXPECT_EQ(of(arrow::date64()), of(arrow::date32()));
  EXPECT_EQ(of(arrow::large_list(arrow::int8())), of(arrow::list(arrow::int8())));
  const auto noted = arrow::field("a", arrow::utf8())->WithMetadata(metadata);
  EXPECT_EQ(DataSchemaOf(*arrow::schema({noted})).value(), of(arrow::utf8()));
}

TEST(ArrowSchema, RefusesATypeWithoutAWordAndNamesTheColumn) {
  const auto inner = arrow::struct_({arrow::field("c", arrow::list(arrow::month_interval()))});
  const auto refused = DataSchemaOf(*arrow::schema({arrow::field("b", inner)}));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("column b.c[]"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("to_json"), std::string::npos);
  const auto coded = arrow::dictionary(arrow::int32(), arrow::utf8());
  EXPECT_FALSE(DataSchemaOf(*arrow::schema({arrow::field("a", coded)})));
}

TEST(ArrowSchema, OfColumnsTooDeepForABlockIsRefused) {
  auto type = arrow::int32();
  for (int i = 0; i < 16; ++i) type = arrow::struct_({arrow::field("x", type)});
  const auto deep = DataSchemaOf(*arrow::schema({arrow::field("x", type)}));
  ASSERT_TRUE(deep) << deep.error().message;
  const MetadataBlock block{.event = {SetDataSchema{.schema = deep.value()}}};
  EXPECT_EQ(DecodeBlock(EncodeBlock(block)).value().block, block);
  type = arrow::struct_({arrow::field("x", type)});
  EXPECT_FALSE(DataSchemaOf(*arrow::schema({arrow::field("x", type)})));
}

TEST(ArrowSchema, RefusesLogicalTypesThatArrowCannotHold) {
  const auto of = [](DataType type) {
    return ArrowSchemaOf({.fields = {{.name = "a", .type = std::move(type)}}});
  };
  EXPECT_FALSE(of({DataTypeDecimal{.precision = 77}}));
  EXPECT_FALSE(of({DataTypeDecimal{.precision = 0}}));
  EXPECT_FALSE(of({DataTypeBinary{.fixed_length = 1ULL << 40}}));
  const auto absent = of({DataTypeTimestamp{}}).value();
  EXPECT_TRUE(absent->field(0)->type()->Equals(arrow::timestamp(arrow::TimeUnit::MILLI, "UTC")));
}

// The raw form of a schema: the message Arrow serializes, behind a root that points at the schema
// in it.
std::string RawOf(const arrow::Schema& schema) {
  const auto message = arrow::ipc::SerializeSchema(schema).ValueOrDie();
  std::string bytes(reinterpret_cast<const char*>(message->data()) + 8,
                    static_cast<std::size_t>(message->size()) - 8);
  const auto read = [&]<typename T>(std::size_t at, T) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    return value;
  };
  const std::size_t table = read(0, std::uint32_t{});
  const std::size_t vtable = table - static_cast<std::size_t>(read(table, std::int32_t{}));
  const std::size_t header = table + read(vtable + 8, std::uint16_t{});
  const auto root = static_cast<std::uint32_t>(header + read(header, std::uint32_t{}) + 8);
  return std::string(reinterpret_cast<const char*>(&root), 4) + std::string(4, '\0') + bytes;
}

TEST(RawArrowSchema, IsReadAsItWasWritten) {
  const auto read = ReadRawArrowSchema(AsBytes(RawOf(*EveryType())));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_TRUE(read.value()->Equals(*EveryType()));
}

TEST(RawArrowSchema, OfAnyBytesIsASchemaOrAnError) {
  const std::string raw = RawOf(*EveryType());
  for (std::size_t bit = 0; bit < raw.size() * 8; bit += 3) {
    std::string bytes = raw;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    if (const auto schema = ReadRawArrowSchema(AsBytes(bytes))) (void)DataSchemaOf(**schema);
  }
  for (std::size_t size = 0; size < raw.size(); ++size) {
    if (const auto schema = ReadRawArrowSchema(AsBytes(raw.substr(0, size)))) {
      (void)DataSchemaOf(**schema);
    }
  }
}

}  // namespace
}  // namespace weir::odf
