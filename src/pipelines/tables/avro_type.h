#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace arrow {
class DataType;
}

namespace weir::pipelines {

/// A type of an Avro schema, and what its values become.
struct AvroType {
  enum class Kind {
    kNull,
    kBoolean,
    kInt,
    kLong,
    kFloat,
    kDouble,
    kBytes,
    kString,
    kFixed,
    kEnum,
    kArray,
    kMap,
    kRecord,
  };
  Kind kind = Kind::kNull;
  std::shared_ptr<arrow::DataType> arrow = {};
  /// Of a union, which is a type or null: how many branches it has, and the place of each.
  int branches = 0;  ///< 0: it is no union
  int null_branch = -1;
  std::size_t size = 0;                 ///< of kFixed
  bool is_decimal = false;              ///< of kBytes and kFixed
  std::vector<std::string> names = {};  ///< fields of kRecord, symbols of kEnum
  std::vector<AvroType> parts = {};     ///< fields of kRecord, items of kArray, values of kMap
};

/// Reads the schema of an Avro file, which is a record: its fields are the columns. Logical types
/// are decimal, uuid, date, time-*, timestamp-* (UTC) and local-timestamp-* (no zone); others are
/// what they are written as.
///
/// kInvalid for what is no schema; kUnimplemented, with the column's path, for a type that no
/// column can be: a record within itself, a union of several types.
Result<AvroType> ParseAvroSchema(std::string_view json);

}  // namespace weir::pipelines
