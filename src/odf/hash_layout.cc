#include "odf/hash_layout.h"

#include <arrow/type.h>

#include <bit>
#include <cstdint>
#include <cstring>

#include "odf/logical_hash.h"

namespace weir::odf {
namespace {

using arrow::Type;

// The ids of types in the logical hash.
enum class TypeId : std::uint16_t {
  kInt = 1,
  kFloat = 2,
  kBinary = 3,
  kUtf8 = 4,
  kBool = 5,
  kDecimal = 6,
  kDate = 7,
  kTime = 8,
  kTimestamp = 9,
  kList = 11,
};

template <typename T>
void AppendLittle(std::string& out, T value) {
  static_assert(std::endian::native == std::endian::little);
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void AppendId(std::string& out, TypeId id) { AppendLittle(out, static_cast<std::uint16_t>(id)); }

void AppendText(std::string& out, const std::string& text) {
  AppendLittle(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}

std::uint16_t UnitOf(arrow::TimeUnit::type unit) { return static_cast<std::uint16_t>(unit); }

std::uint64_t BitsOf(const arrow::DataType& type) {
  return static_cast<std::uint64_t>(type.bit_width());
}

void AppendInt(std::string& out, const arrow::DataType& type) {
  AppendId(out, TypeId::kInt);
  out += static_cast<const arrow::IntegerType&>(type).is_signed() ? '\1' : '\0';
  AppendLittle(out, BitsOf(type));
}

void AppendDecimal(std::string& out, const arrow::DataType& type) {
  const auto& decimal = static_cast<const arrow::DecimalType&>(type);
  AppendId(out, TypeId::kDecimal);
  AppendLittle(out, BitsOf(type));
  AppendLittle(out, static_cast<std::uint64_t>(decimal.precision()));
  AppendLittle(out, static_cast<std::int64_t>(decimal.scale()));
}

void AppendDate(std::string& out, const arrow::DataType& type) {
  AppendId(out, TypeId::kDate);
  AppendLittle(out, BitsOf(type));
  AppendLittle(out, static_cast<std::uint16_t>(type.id() == Type::DATE32 ? 0 : 1));
}

void AppendTime(std::string& out, const arrow::DataType& type) {
  AppendId(out, TypeId::kTime);
  AppendLittle(out, BitsOf(type));
  AppendLittle(out, UnitOf(static_cast<const arrow::TimeType&>(type).unit()));
}

void AppendTimestamp(std::string& out, const arrow::DataType& type) {
  const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
  AppendId(out, TypeId::kTimestamp);
  AppendLittle(out, UnitOf(timestamp.unit()));
  if (timestamp.timezone().empty()) {
    out += '\0';
  } else {
    AppendText(out, timestamp.timezone());
  }
}

Error NotHashable(const std::string& path, const arrow::DataType& type) {
  return Invalid("column {} is of type {}, which has no logical hash", path, type.ToString())
      .WithHint("turn it into a text, for instance with to_json()");
}

Status AppendType(std::string& out, const std::string& path, const arrow::DataType& type) {
  switch (type.id()) {
    case Type::INT8:
    case Type::INT16:
    case Type::INT32:
    case Type::INT64:
    case Type::UINT8:
    case Type::UINT16:
    case Type::UINT32:
    case Type::UINT64:
      AppendInt(out, type);
      return Ok();
    case Type::HALF_FLOAT:
    case Type::FLOAT:
    case Type::DOUBLE:
      AppendId(out, TypeId::kFloat);
      AppendLittle(out, BitsOf(type));
      return Ok();
    case Type::BINARY:
    case Type::LARGE_BINARY:
    case Type::BINARY_VIEW:
    case Type::FIXED_SIZE_BINARY:
      AppendId(out, TypeId::kBinary);
      return Ok();
    case Type::STRING:
    case Type::LARGE_STRING:
    case Type::STRING_VIEW:
      AppendId(out, TypeId::kUtf8);
      return Ok();
    case Type::BOOL:
      AppendId(out, TypeId::kBool);
      return Ok();
    case Type::DECIMAL32:
    case Type::DECIMAL64:
    case Type::DECIMAL128:
    case Type::DECIMAL256:
      AppendDecimal(out, type);
      return Ok();
    case Type::DATE32:
    case Type::DATE64:
      AppendDate(out, type);
      return Ok();
    case Type::TIME32:
    case Type::TIME64:
      AppendTime(out, type);
      return Ok();
    case Type::TIMESTAMP:
      AppendTimestamp(out, type);
      return Ok();
    case Type::LIST:
    case Type::LARGE_LIST:
    case Type::FIXED_SIZE_LIST: {
      const auto& item = *type.field(0)->type();
      if (item.id() == Type::STRUCT) return NotHashable(path, type);
      AppendId(out, TypeId::kList);
      return AppendType(out, path + "[]", item);
    }
    default:
      return NotHashable(path, type);
  }
}

Status AppendField(HashLayout& layout, const std::string& parent, const arrow::Field& field,
                   std::uint64_t depth) {
  const std::string path = parent.empty() ? field.name() : parent + "." + field.name();
  AppendText(layout.record, field.name());
  AppendLittle(layout.record, depth);
  if (field.type()->id() != Type::STRUCT) {
    return AppendType(layout.columns.emplace_back(), path, *field.type());
  }
  for (const auto& child : field.type()->fields()) {
    RETURN_IF_ERROR(AppendField(layout, path, *child, depth + 1));
  }
  return Ok();
}

}  // namespace

Result<HashLayout> HashLayoutOf(const arrow::Schema& schema) {
  HashLayout layout;
  for (const auto& field : schema.fields()) {
    RETURN_IF_ERROR(AppendField(layout, "", *field, 0));
  }
  return layout;
}

Status CheckHashable(const arrow::Schema& schema) {
  RETURN_IF_ERROR(HashLayoutOf(schema));
  return Ok();
}

}  // namespace weir::odf
