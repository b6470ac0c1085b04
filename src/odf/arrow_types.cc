#include <arrow/type.h>

#include <limits>
#include <string>

#include "odf/arrow_schema.h"

// The way back: from logical types to the Arrow types we write them with.

namespace weir::odf {
namespace {

using ArrowType = std::shared_ptr<arrow::DataType>;
using ArrowField = std::shared_ptr<arrow::Field>;

arrow::TimeUnit::type UnitOf(std::optional<TimeUnit> unit) {
  return static_cast<arrow::TimeUnit::type>(unit.value_or(TimeUnit::kMillisecond));
}

Result<std::int32_t> LengthOf(const std::string& path, std::uint64_t length) {
  if (length > static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())) {
    return Invalid("column {} has the fixed length {}, which is too long", path, length);
  }
  return static_cast<std::int32_t>(length);
}

Result<ArrowField> FieldOf(const std::string& path, const std::string& name, const DataType& type);

// One call for each logical type.
struct ToArrow {
  const std::string& path;

  Result<ArrowType> operator()(const DataTypeNull&) const { return arrow::null(); }
  Result<ArrowType> operator()(const DataTypeBool&) const { return arrow::boolean(); }
  Result<ArrowType> operator()(const DataTypeInt8&) const { return arrow::int8(); }
  Result<ArrowType> operator()(const DataTypeInt16&) const { return arrow::int16(); }
  Result<ArrowType> operator()(const DataTypeInt32&) const { return arrow::int32(); }
  Result<ArrowType> operator()(const DataTypeInt64&) const { return arrow::int64(); }
  Result<ArrowType> operator()(const DataTypeUInt8&) const { return arrow::uint8(); }
  Result<ArrowType> operator()(const DataTypeUInt16&) const { return arrow::uint16(); }
  Result<ArrowType> operator()(const DataTypeUInt32&) const { return arrow::uint32(); }
  Result<ArrowType> operator()(const DataTypeUInt64&) const { return arrow::uint64(); }
  Result<ArrowType> operator()(const DataTypeFloat16&) const { return arrow::float16(); }
  Result<ArrowType> operator()(const DataTypeFloat32&) const { return arrow::float32(); }
  Result<ArrowType> operator()(const DataTypeFloat64&) const { return arrow::float64(); }
  Result<ArrowType> operator()(const DataTypeString&) const { return arrow::utf8(); }
  Result<ArrowType> operator()(const DataTypeDate&) const { return arrow::date32(); }

  Result<ArrowType> operator()(const DataTypeBinary& type) const {
    if (!type.fixed_length) return arrow::binary();
    ASSIGN_OR_RETURN(const std::int32_t length, LengthOf(path, *type.fixed_length));
    return arrow::fixed_size_binary(length);
  }

  Result<ArrowType> operator()(const DataTypeDecimal& type) const {
    const auto precision = type.precision;
    if (precision == 0 || precision > arrow::Decimal256Type::kMaxPrecision) {
      return Invalid("column {} is a decimal of {} digits; 1 to {} are possible", path, precision,
                     +arrow::Decimal256Type::kMaxPrecision);
    }
    const auto digits = static_cast<std::int32_t>(precision);
    if (digits <= arrow::Decimal128Type::kMaxPrecision)
      return arrow::decimal128(digits, type.scale);
    return arrow::decimal256(digits, type.scale);
  }

  Result<ArrowType> operator()(const DataTypeDuration& type) const {
    return arrow::duration(UnitOf(type.unit));
  }

  Result<ArrowType> operator()(const DataTypeTime& type) const {
    const auto unit = UnitOf(type.unit);
    if (unit == arrow::TimeUnit::SECOND || unit == arrow::TimeUnit::MILLI) {
      return arrow::time32(unit);
    }
    return arrow::time64(unit);
  }

  Result<ArrowType> operator()(const DataTypeTimestamp& type) const {
    return arrow::timestamp(UnitOf(type.unit), type.timezone.value_or("UTC"));
  }

  Result<ArrowType> operator()(const DataTypeList& type) const {
    ASSIGN_OR_RETURN(ArrowField item, FieldOf(path + "[]", "item", *type.item_type));
    if (!type.fixed_length) return arrow::list(std::move(item));
    ASSIGN_OR_RETURN(const std::int32_t length, LengthOf(path, *type.fixed_length));
    return arrow::fixed_size_list(std::move(item), length);
  }

  Result<ArrowType> operator()(const DataTypeMap& type) const {
    ASSIGN_OR_RETURN(const ArrowField key, FieldOf(path + ".key", "key", *type.key_type));
    ASSIGN_OR_RETURN(ArrowField value, FieldOf(path + ".value", "value", *type.value_type));
    if (key->nullable()) return Invalid("column {} is a map whose keys may be null", path);
    return arrow::map(key->type(), std::move(value), type.keys_sorted.value_or(false));
  }

  Result<ArrowType> operator()(const DataTypeStruct& type) const {
    arrow::FieldVector fields;
    for (const DataField& field : type.fields) {
      ASSIGN_OR_RETURN(fields.emplace_back(),
                       FieldOf(path + "." + field.name, field.name, field.type));
    }
    return arrow::struct_(std::move(fields));
  }

  // An Option in an Option says no more than one.
  Result<ArrowType> operator()(const DataTypeOption& type) const {
    return std::visit(*this, type.inner->value);
  }
};

Result<ArrowField> FieldOf(const std::string& path, const std::string& name, const DataType& type) {
  const bool nullable = std::holds_alternative<DataTypeOption>(type.value) ||
                        std::holds_alternative<DataTypeNull>(type.value);
  ASSIGN_OR_RETURN(ArrowType made, std::visit(ToArrow{path}, type.value));
  return arrow::field(name, std::move(made), nullable);
}

}  // namespace

Result<std::shared_ptr<arrow::Schema>> ArrowSchemaOf(const DataSchema& schema) {
  arrow::FieldVector fields;
  for (const DataField& field : schema.fields) {
    ASSIGN_OR_RETURN(fields.emplace_back(), FieldOf(field.name, field.name, field.type));
  }
  return arrow::schema(std::move(fields));
}

}  // namespace weir::odf
