#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "odf/describe.h"

// The logical types of columns (spec sections 5.3 and 6). Nullability is the wrapper Option.

namespace weir::odf {

enum class TimeUnit : std::int16_t { kSecond, kMillisecond, kMicrosecond, kNanosecond };
constexpr auto NamesOf(TimeUnit) {
  return std::array<std::string_view, 4>{"Second", "Millisecond", "Microsecond", "Nanosecond"};
}

/// Attributes beside a schema or a field: compact JSON with sorted keys, kept as text so that
/// foreign attributes survive unchanged.
struct ExtraAttributes {
  std::string entries;
  bool operator==(const ExtraAttributes&) const = default;
};

struct DataType;
struct DataField;

#define WEIR_ODF_PLAIN_TYPE(Name)                           \
  struct DataType##Name {                                   \
    static constexpr std::string_view kKind = #Name;        \
    static constexpr auto Fields() { return std::tuple(); } \
    bool operator==(const DataType##Name&) const = default; \
  }
WEIR_ODF_PLAIN_TYPE(Bool);
WEIR_ODF_PLAIN_TYPE(Date);
WEIR_ODF_PLAIN_TYPE(Float16);
WEIR_ODF_PLAIN_TYPE(Float32);
WEIR_ODF_PLAIN_TYPE(Float64);
WEIR_ODF_PLAIN_TYPE(Int8);
WEIR_ODF_PLAIN_TYPE(Int16);
WEIR_ODF_PLAIN_TYPE(Int32);
WEIR_ODF_PLAIN_TYPE(Int64);
WEIR_ODF_PLAIN_TYPE(UInt8);
WEIR_ODF_PLAIN_TYPE(UInt16);
WEIR_ODF_PLAIN_TYPE(UInt32);
WEIR_ODF_PLAIN_TYPE(UInt64);
WEIR_ODF_PLAIN_TYPE(Null);
WEIR_ODF_PLAIN_TYPE(String);
#undef WEIR_ODF_PLAIN_TYPE

struct DataTypeBinary {
  static constexpr std::string_view kKind = "Binary";
  std::optional<std::uint64_t> fixed_length = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"fixedLength", &DataTypeBinary::fixed_length});
  }
  bool operator==(const DataTypeBinary&) const = default;
};

struct DataTypeDecimal {
  static constexpr std::string_view kKind = "Decimal";
  std::uint32_t precision = 0;
  std::int32_t scale = 0;
  static constexpr auto Fields() {
    return std::tuple(Field{"precision", &DataTypeDecimal::precision},
                      Field{"scale", &DataTypeDecimal::scale});
  }
  bool operator==(const DataTypeDecimal&) const = default;
};

struct DataTypeDuration {
  static constexpr std::string_view kKind = "Duration";
  std::optional<TimeUnit> unit = {};  ///< default Millisecond
  static constexpr auto Fields() { return std::tuple(Field{"unit", &DataTypeDuration::unit}); }
  bool operator==(const DataTypeDuration&) const = default;
};

struct DataTypeTime {
  static constexpr std::string_view kKind = "Time";
  std::optional<TimeUnit> unit = {};  ///< default Millisecond
  static constexpr auto Fields() { return std::tuple(Field{"unit", &DataTypeTime::unit}); }
  bool operator==(const DataTypeTime&) const = default;
};

struct DataTypeTimestamp {
  static constexpr std::string_view kKind = "Timestamp";
  std::optional<TimeUnit> unit = {};         ///< default Millisecond
  std::optional<std::string> timezone = {};  ///< default UTC
  static constexpr auto Fields() {
    return std::tuple(Field{"unit", &DataTypeTimestamp::unit},
                      Field{"timezone", &DataTypeTimestamp::timezone});
  }
  bool operator==(const DataTypeTimestamp&) const = default;
};

struct DataTypeList {
  static constexpr std::string_view kKind = "List";
  Box<DataType> item_type;
  std::optional<std::uint64_t> fixed_length = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"itemType", &DataTypeList::item_type},
                      Field{"fixedLength", &DataTypeList::fixed_length});
  }
  bool operator==(const DataTypeList&) const;
};

struct DataTypeMap {
  static constexpr std::string_view kKind = "Map";
  Box<DataType> key_type;
  Box<DataType> value_type;
  std::optional<bool> keys_sorted = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"keyType", &DataTypeMap::key_type},
                      Field{"valueType", &DataTypeMap::value_type},
                      Field{"keysSorted", &DataTypeMap::keys_sorted});
  }
  bool operator==(const DataTypeMap&) const;
};

struct DataTypeOption {
  static constexpr std::string_view kKind = "Option";
  Box<DataType> inner;
  static constexpr auto Fields() { return std::tuple(Field{"inner", &DataTypeOption::inner}); }
  bool operator==(const DataTypeOption&) const;
};

struct DataTypeStruct {
  static constexpr std::string_view kKind = "Struct";
  std::vector<DataField> fields;
  static constexpr auto Fields() { return std::tuple(Field{"fields", &DataTypeStruct::fields}); }
  bool operator==(const DataTypeStruct&) const;
};

/// The type of a column or of a part of one.
struct DataType {
  using Union =
      std::variant<DataTypeBinary, DataTypeBool, DataTypeDate, DataTypeDecimal, DataTypeDuration,
                   DataTypeFloat16, DataTypeFloat32, DataTypeFloat64, DataTypeInt8, DataTypeInt16,
                   DataTypeInt32, DataTypeInt64, DataTypeUInt8, DataTypeUInt16, DataTypeUInt32,
                   DataTypeUInt64, DataTypeList, DataTypeMap, DataTypeNull, DataTypeOption,
                   DataTypeStruct, DataTypeTime, DataTypeTimestamp, DataTypeString>;
  Union value;
  bool operator==(const DataType&) const;
};

struct DataField {
  std::string name;
  DataType type;
  std::optional<ExtraAttributes> extra = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"name", &DataField::name}, Field{"type", &DataField::type},
                      Field{"extra", &DataField::extra});
  }
  bool operator==(const DataField&) const;
};

struct DataSchema {
  std::vector<DataField> fields;
  std::optional<ExtraAttributes> extra = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"fields", &DataSchema::fields}, Field{"extra", &DataSchema::extra});
  }
  bool operator==(const DataSchema&) const = default;
};

}  // namespace weir::odf
