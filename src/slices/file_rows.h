#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "slices/slice_writer.h"

namespace arrow {
class Array;
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::slices {

/// Turns the rows of a merge into the rows of a file: system columns added and put first, types as
/// the format has them.
class FileRows {
 public:
  /// kInvalid when a column is missing, has a wrong type or a name that is taken.
  static Result<FileRows> Make(const arrow::Schema& given, const SliceRequest& request);

  const std::shared_ptr<arrow::Schema>& schema() const { return schema_; }

  /// The next at most kMostRows rows. kInvalid names a column with a null where none may be, or an
  /// op that is none.
  Result<std::shared_ptr<arrow::RecordBatch>> Convert(const arrow::RecordBatch& given);

  static constexpr std::int64_t kMostRows = 10'000;

 private:
  Result<std::shared_ptr<arrow::Array>> Offsets(std::int64_t count) const;
  Status Check(const arrow::RecordBatch& rows) const;

  std::shared_ptr<arrow::Schema> schema_;
  std::vector<int> sources_;  // by column of the file from the event time on: the given column
  int op_ = 0;                // the given column
  std::uint64_t next_offset_ = 0;
  std::shared_ptr<arrow::Array> system_times_;  // kMostRows times the same
};

}  // namespace weir::slices
