#pragma once

#include <functional>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::slices {

/// Writes rows as a Parquet file the way slices are written (spec section 8.1): data pages of
/// version 1.0, Snappy, op and system time by dictionary, no delta encodings, the Arrow schema
/// embedded. Row groups are a multiple of 10,000 rows and bounded in bytes, so that memory is too.
/// One thread at a time.
class ParquetEncoder {
 public:
  using Take = std::function<Status(ByteView)>;

  /// `take` is given the file's bytes in order, about a mebibyte at a time. kInvalid, naming the
  /// column, for a type that Parquet would give back as another one.
  static Result<std::unique_ptr<ParquetEncoder>> Make(std::shared_ptr<arrow::Schema> schema,
                                                      Take take);
  ~ParquetEncoder();

  /// Errors of `take` pass through.
  Status Write(const arrow::RecordBatch& rows);

  /// Writes what is left and the footer.
  Status Finish();

 private:
  struct State;
  explicit ParquetEncoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir::slices
