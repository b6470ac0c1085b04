#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::sql {

/// How rows become bytes.
enum class RowFormat {
  kJsonAoS,  ///< [{"a": 1, "b": 2}, ...]
  kJsonSoA,  ///< {"a": [1, ...], "b": [2, ...]}
  kJsonAoA,  ///< [[1, 2], ...]
  kNdjson,   ///< an object and a line end for each row
  kCsv,      ///< a line of names, then one for each row; ended by LF
  kParquet,
};

/// Encodes rows piece by piece. One thread at a time.
class RowEncoder {
 public:
  /// kExhausted, from any of them, when what must be kept until the end is more than this.
  static constexpr std::size_t kMostKeptBytes = 256 << 20;

  virtual ~RowEncoder() = default;

  /// What comes before the first row.
  virtual Status Begin(std::string& out) = 0;
  /// Rows `first` and up of `batch`, `count` of them, are added to `out`, or kept until End.
  virtual Status Add(const arrow::RecordBatch& batch, std::int64_t first, std::int64_t count,
                     std::string& out) = 0;
  virtual Status End(std::string& out) = 0;
};

/// kInvalid, naming the column, for a type that the format has no place for.
Result<std::unique_ptr<RowEncoder>> MakeRowEncoder(RowFormat format,
                                                   std::shared_ptr<arrow::Schema> schema);

}  // namespace weir::sql
