#include "slices/stored_types.h"

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/dictionary.h>
#include <arrow/ipc/reader.h>
#include <arrow/ipc/writer.h>
#include <arrow/util/base64.h>
#include <parquet/arrow/schema.h>
#include <parquet/properties.h>

#include <cstdint>
#include <string>

#include "odf/hash_layout.h"
#include "slices/arrow_error.h"

namespace weir::slices {
namespace {

using arrow::Type;
using TypePtr = std::shared_ptr<arrow::DataType>;
using DataPtr = std::shared_ptr<arrow::ArrayData>;

constexpr const char* kSchemaKey = "ARROW:schema";
constexpr std::int64_t kMillisecondsInDay = 86'400'000;

// Types of the same bytes under another name.
bool IsRenamed(const arrow::DataType& read, const arrow::DataType& stored) {
  if (read.id() == Type::INT32) return stored.id() == Type::TIME32 || stored.id() == Type::DATE32;
  if (read.id() == Type::INT64) {
    return stored.id() == Type::TIMESTAMP || stored.id() == Type::TIME64 ||
           stored.id() == Type::DATE64;
  }
  if (read.id() == Type::TIMESTAMP && stored.id() == Type::TIMESTAMP) {
    const auto& zoned = static_cast<const arrow::TimestampType&>(stored);
    return static_cast<const arrow::TimestampType&>(read).unit() == zoned.unit() &&
           !zoned.timezone().empty();
  }
  return false;
}

bool IsNarrowed(const arrow::DataType& read, const arrow::DataType& stored) {
  if (read.id() != Type::DECIMAL128) return false;
  if (stored.id() != Type::DECIMAL32 && stored.id() != Type::DECIMAL64) return false;
  const auto& from = static_cast<const arrow::DecimalType&>(read);
  const auto& to = static_cast<const arrow::DecimalType&>(stored);
  return from.precision() == to.precision() && from.scale() == to.scale();
}

std::shared_ptr<arrow::Field> Restored(const std::shared_ptr<arrow::Field>& read,
                                       const arrow::Field& stored);

TypePtr Restored(const TypePtr& read, const TypePtr& stored) {
  if (read->Equals(*stored)) return read;
  if (IsRenamed(*read, *stored) || IsNarrowed(*read, *stored) ||
      (read->id() == Type::DATE32 && stored->id() == Type::DATE64)) {
    return stored;
  }
  if (read->id() != stored->id() || read->num_fields() != stored->num_fields()) return read;
  arrow::FieldVector fields;
  for (int i = 0; i < read->num_fields(); ++i) {
    fields.push_back(Restored(read->field(i), *stored->field(i)));
  }
  switch (read->id()) {
    case Type::STRUCT:
      return arrow::struct_(std::move(fields));
    case Type::LIST:
      return arrow::list(fields[0]);
    case Type::LARGE_LIST:
      return arrow::large_list(fields[0]);
    case Type::FIXED_SIZE_LIST:
      return arrow::fixed_size_list(
          fields[0], static_cast<const arrow::FixedSizeListType&>(*read).list_size());
    default:
      return read;
  }
}

std::shared_ptr<arrow::Field> Restored(const std::shared_ptr<arrow::Field>& read,
                                       const arrow::Field& stored) {
  return read->WithType(Restored(read->type(), stored.type()));
}

// The schema a writer embedded; null when there is none that can be read.
std::shared_ptr<arrow::Schema> Embedded(const arrow::KeyValueMetadata* metadata) {
  if (metadata == nullptr) return nullptr;
  const auto text = metadata->Get(kSchemaKey);
  if (!text.ok()) return nullptr;
  const auto message = arrow::util::base64_decode(*text);
  if (!message.ok()) return nullptr;
  arrow::io::BufferReader reader(std::make_shared<arrow::Buffer>(*message));
  arrow::ipc::DictionaryMemo dictionaries;
  const auto schema = arrow::ipc::ReadSchema(&reader, &dictionaries);
  return schema.ok() ? *schema : nullptr;
}

// Makes values of another width out of `from`, slot by slot.
template <typename From, typename To, typename Turn>
arrow::Result<DataPtr> Rewritten(const arrow::ArrayData& from, const TypePtr& type, Turn&& turn) {
  const std::int64_t end = from.offset + from.length;
  ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer,
                        arrow::AllocateBuffer(end * static_cast<std::int64_t>(sizeof(To))));
  const auto* values = from.GetValues<From>(1, 0);
  auto* made = reinterpret_cast<To*>(buffer->mutable_data());
  for (std::int64_t i = 0; i < end; ++i) made[i] = turn(values[i]);
  return arrow::ArrayData::Make(type, from.length, {from.buffers[0], std::move(buffer)},
                                from.null_count, from.offset);
}

struct Int128 {
  std::int64_t low;
  std::int64_t high;
};

arrow::Result<DataPtr> Retyped(const DataPtr& data, const TypePtr& type) {
  if (data->type->Equals(*type)) return data;
  if (data->type->id() == Type::DATE32 && type->id() == Type::DATE64) {
    return Rewritten<std::int32_t, std::int64_t>(
        *data, type, [](std::int32_t days) { return days * kMillisecondsInDay; });
  }
  // A decimal of so few digits is its low half.
  if (type->id() == Type::DECIMAL32) {
    return Rewritten<Int128, std::int32_t>(
        *data, type, [](const Int128& value) { return static_cast<std::int32_t>(value.low); });
  }
  if (type->id() == Type::DECIMAL64) {
    return Rewritten<Int128, std::int64_t>(*data, type,
                                           [](const Int128& value) { return value.low; });
  }
  DataPtr made = data->Copy();
  made->type = type;
  for (std::size_t i = 0; i < made->child_data.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(made->child_data[i],
                          Retyped(made->child_data[i], type->field(static_cast<int>(i))->type()));
  }
  return made;
}

// Types that Parquet has itself, or a word for.
bool IsAlwaysKept(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::BOOL:
    case Type::INT8:
    case Type::INT16:
    case Type::INT32:
    case Type::INT64:
    case Type::UINT8:
    case Type::UINT16:
    case Type::UINT32:
    case Type::UINT64:
    case Type::FLOAT:
    case Type::DOUBLE:
    case Type::STRING:
    case Type::BINARY:
    case Type::DATE32:
      return true;
    case Type::TIMESTAMP: {
      const auto unit = static_cast<const arrow::TimestampType&>(type).unit();
      return unit == arrow::TimeUnit::MILLI || unit == arrow::TimeUnit::MICRO;
    }
    default:
      return false;
  }
}

}  // namespace

std::shared_ptr<arrow::Schema> ReferenceSchema(const std::shared_ptr<arrow::Schema>& read,
                                               const arrow::KeyValueMetadata* metadata) {
  const auto stored = Embedded(metadata);
  if (!stored || stored->num_fields() != read->num_fields()) return read->RemoveMetadata();
  arrow::FieldVector fields;
  for (int i = 0; i < read->num_fields(); ++i) {
    fields.push_back(Restored(read->field(i), *stored->field(i)));
  }
  return arrow::schema(std::move(fields));
}

Result<std::shared_ptr<arrow::RecordBatch>> WithStoredTypes(
    const std::shared_ptr<arrow::RecordBatch>& rows, const std::shared_ptr<arrow::Schema>& schema) {
  arrow::ArrayVector columns;
  for (int i = 0; i < rows->num_columns(); ++i) {
    const auto made = Retyped(rows->column_data(i), schema->field(i)->type());
    if (!made.ok()) return ErrorOf(made.status(), "types of a slice");
    columns.push_back(arrow::MakeArray(*made));
  }
  return arrow::RecordBatch::Make(schema, rows->num_rows(), std::move(columns));
}

Status CheckKept(const arrow::Schema& schema, const parquet::WriterProperties& properties,
                 const parquet::ArrowWriterProperties& arrow_properties) {
  std::shared_ptr<parquet::SchemaDescriptor> descriptor;
  for (const auto& field : schema.fields()) {
    if (IsAlwaysKept(*field->type())) continue;  // a small append need not try each column again
    const arrow::Schema one({field});
    const auto refuse = [&](const std::string& why) {
      return Invalid("column {} is of type {}, which Parquet does not keep: {}", field->name(),
                     field->type()->ToString(), why)
          .WithHint("cast it to a type that it does");
    };
    ASSIGN_OR_RETURN(const odf::HashLayout wanted, odf::HashLayoutOf(one));
    const auto to =
        parquet::arrow::ToParquetSchema(&one, properties, arrow_properties, &descriptor);
    if (!to.ok()) return refuse(to.message());
    const auto message = arrow::ipc::SerializeSchema(one);
    if (!message.ok()) return refuse(message.status().message());
    const auto metadata = arrow::key_value_metadata(
        {kSchemaKey}, {arrow::util::base64_encode(std::string_view(**message))});
    std::shared_ptr<arrow::Schema> read;
    const auto from = parquet::arrow::FromParquetSchema(
        descriptor.get(), parquet::default_arrow_reader_properties(), metadata, &read);
    if (!from.ok()) return refuse(from.message());
    const auto back = odf::HashLayoutOf(*ReferenceSchema(read, metadata.get()));
    if (!back || back->columns != wanted.columns || back->record != wanted.record) {
      return refuse("it would be read as " + read->field(0)->type()->ToString());
    }
  }
  return Ok();
}

}  // namespace weir::slices
