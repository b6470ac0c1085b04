#include "odf/arrow_schema.h"

#include <arrow/extension_type.h>
#include <arrow/type.h>

#include <string>

namespace weir::odf {
namespace {

using arrow::Type;

// With a struct in every step such a schema still fits into the nesting a block may have.
constexpr int kMostDepth = 16;

TimeUnit UnitOf(arrow::TimeUnit::type unit) { return static_cast<TimeUnit>(unit); }

Error NoWordFor(const std::string& path, const arrow::DataType& type) {
  return Invalid("column {} is of type {}, which no dataset can hold", path, type.ToString())
      .WithHint("turn it into a text or into columns of their own, for instance with to_json()");
}

template <typename T>
Result<DataType> Made(T type) {
  return DataType{std::move(type)};
}

Result<DataType> TypeOf(const std::string& path, const arrow::DataType& type, int depth);

Result<DataType> TypeOf(const std::string& path, const arrow::Field& field, int depth) {
  ASSIGN_OR_RETURN(DataType type, TypeOf(path, *field.type(), depth));
  if (!field.nullable()) return type;
  return Made(DataTypeOption{.inner = std::move(type)});
}

Result<DataType> ListOf(const std::string& path, const arrow::DataType& type, int depth) {
  DataTypeList list;
  ASSIGN_OR_RETURN(*list.item_type, TypeOf(path + "[]", *type.field(0), depth + 1));
  if (type.id() == Type::FIXED_SIZE_LIST) {
    list.fixed_length =
        static_cast<std::uint64_t>(static_cast<const arrow::FixedSizeListType&>(type).list_size());
  }
  return Made(std::move(list));
}

Result<DataType> MapOf(const std::string& path, const arrow::MapType& type, int depth) {
  DataTypeMap map;
  ASSIGN_OR_RETURN(*map.key_type, TypeOf(path + ".key", *type.key_field(), depth + 1));
  ASSIGN_OR_RETURN(*map.value_type, TypeOf(path + ".value", *type.item_field(), depth + 1));
  if (type.keys_sorted()) map.keys_sorted = true;
  return Made(std::move(map));
}

Result<DataType> StructOf(const std::string& path, const arrow::DataType& type, int depth) {
  DataTypeStruct structure;
  for (const auto& field : type.fields()) {
    DataField& added = structure.fields.emplace_back();
    added.name = field->name();
    ASSIGN_OR_RETURN(added.type, TypeOf(path + "." + field->name(), *field, depth + 1));
  }
  return Made(std::move(structure));
}

Result<DataType> NestedTypeOf(const std::string& path, const arrow::DataType& type, int depth) {
  if (depth >= kMostDepth) {
    return Invalid("column {} is nested more than {} deep", path, kMostDepth)
        .WithHint("turn its inner part into a text, for instance with to_json()");
  }
  switch (type.id()) {
    case Type::STRUCT:
      return StructOf(path, type, depth);
    case Type::MAP:
      return MapOf(path, static_cast<const arrow::MapType&>(type), depth);
    default:
      return ListOf(path, type, depth);
  }
}

DataTypeTimestamp TimestampOf(const arrow::TimestampType& type) {
  return {.unit = UnitOf(type.unit()), .timezone = type.timezone()};
}

DataTypeDecimal DecimalOf(const arrow::DecimalType& type) {
  return {.precision = static_cast<std::uint32_t>(type.precision()), .scale = type.scale()};
}

DataTypeBinary FixedBinaryOf(const arrow::FixedSizeBinaryType& type) {
  return {.fixed_length = static_cast<std::uint64_t>(type.byte_width())};
}

Result<DataType> TypeOf(const std::string& path, const arrow::DataType& type, int depth) {
  switch (type.id()) {
    case Type::NA:
      return Made(DataTypeNull{});
    case Type::BOOL:
      return Made(DataTypeBool{});
    case Type::INT8:
      return Made(DataTypeInt8{});
    case Type::INT16:
      return Made(DataTypeInt16{});
    case Type::INT32:
      return Made(DataTypeInt32{});
    case Type::INT64:
      return Made(DataTypeInt64{});
    case Type::UINT8:
      return Made(DataTypeUInt8{});
    case Type::UINT16:
      return Made(DataTypeUInt16{});
    case Type::UINT32:
      return Made(DataTypeUInt32{});
    case Type::UINT64:
      return Made(DataTypeUInt64{});
    case Type::HALF_FLOAT:
      return Made(DataTypeFloat16{});
    case Type::FLOAT:
      return Made(DataTypeFloat32{});
    case Type::DOUBLE:
      return Made(DataTypeFloat64{});
    case Type::STRING:
    case Type::LARGE_STRING:
    case Type::STRING_VIEW:
      return Made(DataTypeString{});
    case Type::BINARY:
    case Type::LARGE_BINARY:
    case Type::BINARY_VIEW:
      return Made(DataTypeBinary{});
    case Type::FIXED_SIZE_BINARY:
      return Made(FixedBinaryOf(static_cast<const arrow::FixedSizeBinaryType&>(type)));
    case Type::DECIMAL32:
    case Type::DECIMAL64:
    case Type::DECIMAL128:
    case Type::DECIMAL256:
      return Made(DecimalOf(static_cast<const arrow::DecimalType&>(type)));
    case Type::DATE32:
    case Type::DATE64:
      return Made(DataTypeDate{});
    case Type::TIME32:
    case Type::TIME64:
      return Made(DataTypeTime{.unit = UnitOf(static_cast<const arrow::TimeType&>(type).unit())});
    case Type::TIMESTAMP:
      return Made(TimestampOf(static_cast<const arrow::TimestampType&>(type)));
    case Type::DURATION:
      return Made(
          DataTypeDuration{.unit = UnitOf(static_cast<const arrow::DurationType&>(type).unit())});
    case Type::LIST:
    case Type::LARGE_LIST:
    case Type::FIXED_SIZE_LIST:
    case Type::MAP:
    case Type::STRUCT:
      return NestedTypeOf(path, type, depth);
    case Type::EXTENSION:
      return TypeOf(path, *static_cast<const arrow::ExtensionType&>(type).storage_type(), depth);
    default:
      return NoWordFor(path, type);
  }
}

}  // namespace

Result<DataSchema> DataSchemaOf(const arrow::Schema& schema) {
  DataSchema made;
  for (const auto& field : schema.fields()) {
    DataField& added = made.fields.emplace_back();
    added.name = field->name();
    ASSIGN_OR_RETURN(added.type, TypeOf(field->name(), *field, 0));
  }
  return made;
}

}  // namespace weir::odf
