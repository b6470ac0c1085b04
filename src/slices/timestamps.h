#pragma once

#include <memory>

#include "base/result.h"

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace weir::slices {

/// What becomes of timestamps in data columns.
enum class TimestampForm {
  kMilliseconds,  ///< all are cut to milliseconds UTC, as Kamu does with every column
  kAsGiven,       ///< kept, naive ones too; whole seconds become milliseconds, as Parquet has none
};

/// The type that timestamps in `type`, also inside of structs and lists, take.
std::shared_ptr<arrow::DataType> WithTimestamps(const std::shared_ptr<arrow::DataType>& type,
                                                TimestampForm form);

/// `values` as that type; `to` is WithTimestamps of their type. kInvalid when a time is out of its
/// range.
Result<std::shared_ptr<arrow::Array>> WithTimestamps(const std::shared_ptr<arrow::Array>& values,
                                                     const std::shared_ptr<arrow::DataType>& to);

}  // namespace weir::slices
