#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/stream.h"
#include "engine/engine.h"
#include "sql/row_encoder.h"

namespace weir::sql {

/// The rows of a stream as bytes, made while they are read: a few thousand rows at a time, whatever
/// the size of the result. An error of the rows ends the bytes with it.
class EncodedRows final : public ByteSource {
 public:
  /// `before` and `after` go around the rows.
  static Result<std::unique_ptr<EncodedRows>> Make(std::unique_ptr<engine::RowStream> rows,
                                                   RowFormat format, std::string before = {},
                                                   std::string after = {});

  Result<std::size_t> Read(std::span<std::byte> buffer) override;

  /// Encodes until there are `bytes` to be read or all of them, so that an early error is found
  /// before an answer begins. True: that is all.
  Result<bool> Prepare(std::size_t bytes);
  /// What is left to be read, when Prepare said that it is all.
  std::string TakeAll();

 private:
  EncodedRows() = default;
  Status EncodeMore();

  std::unique_ptr<engine::RowStream> rows_;
  std::unique_ptr<RowEncoder> encoder_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::int64_t next_row_ = 0;
  std::string pending_;
  std::size_t position_ = 0;  // in pending_
  std::string after_;
  bool ended_ = false;
};

}  // namespace weir::sql
