#pragma once

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <memory>
#include <mutex>
#include <optional>

#include "base/files.h"

namespace weir::slices {

/// A ReadableFile as Arrow reads one. Lengths are checked against the file's before memory is
/// taken. What the file itself answered when a read failed is kept, since Arrow's status cannot
/// carry it.
class RandomAccess final : public arrow::io::RandomAccessFile {
 public:
  RandomAccess(std::shared_ptr<const ReadableFile> file, arrow::MemoryPool* pool)
      : file_(std::move(file)), pool_(pool) {}

  arrow::Status Close() override;
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Seek(std::int64_t position) override;
  arrow::Result<std::int64_t> GetSize() override;
  arrow::Result<std::int64_t> Read(std::int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t bytes) override;
  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t bytes, void* out) override;
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position,
                                                       std::int64_t bytes) override;

  /// The first error of the file.
  std::optional<Error> failure() const;

 private:
  const std::shared_ptr<const ReadableFile> file_;
  arrow::MemoryPool* pool_;
  std::int64_t position_ = 0;
  bool closed_ = false;
  mutable std::mutex mutex_;
  std::optional<Error> failure_;
};

}  // namespace weir::slices
