#pragma once

#include <cstdint>
#include <memory>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "engine/engine.h"

namespace weir::slices {

struct SliceReadOptions {
  std::uint64_t first_row = 0;  ///< the offset to begin at less that of the slice's first row
  std::uint64_t memory_bytes = 1ULL << 30;  ///< for decoding and the rows still held by the caller
};

/// Reads a Parquet file from outside as the reference implementation does: in its types, in batches
/// of 10,000 rows from the first one (the last is shorter). Any bytes give rows or an error, within
/// the memory allowed. One thread at a time; batches may outlive the reader.
///
/// Errors: kCorrupt for what is no Parquet file or does not decode, naming the first column of
/// which that is so; kExhausted beyond the memory allowed, kUnimplemented for an unknown
/// compression or encryption, those of the file itself, and kCancelled or kDeadline as the context
/// asks.
class SliceReader final : public engine::RowStream {
 public:
  /// Reads the footer.
  static Result<std::unique_ptr<SliceReader>> Open(const Context& context,
                                                   std::shared_ptr<const ReadableFile> file,
                                                   const SliceReadOptions& options = {});
  ~SliceReader() override;

  std::shared_ptr<arrow::Schema> schema() const override;
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override;

  std::uint64_t rows() const;  ///< in the whole file, as its footer says

 private:
  struct State;
  explicit SliceReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace weir::slices
