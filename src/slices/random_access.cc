#include "slices/random_access.h"

#include <arrow/buffer.h>

#include <algorithm>

namespace weir::slices {

arrow::Status RandomAccess::Close() {
  closed_ = true;
  return arrow::Status::OK();
}

arrow::Status RandomAccess::Seek(std::int64_t position) {
  position_ = position;
  return arrow::Status::OK();
}

arrow::Result<std::int64_t> RandomAccess::GetSize() {
  return static_cast<std::int64_t>(file_->size());
}

arrow::Result<std::int64_t> RandomAccess::Read(std::int64_t bytes, void* out) {
  ARROW_ASSIGN_OR_RAISE(const std::int64_t count, ReadAt(position_, bytes, out));
  position_ += count;
  return count;
}

arrow::Result<std::shared_ptr<arrow::Buffer>> RandomAccess::Read(std::int64_t bytes) {
  ARROW_ASSIGN_OR_RAISE(auto buffer, ReadAt(position_, bytes));
  position_ += buffer->size();
  return buffer;
}

arrow::Result<std::int64_t> RandomAccess::ReadAt(std::int64_t position, std::int64_t bytes,
                                                 void* out) {
  if (position < 0 || bytes < 0) return arrow::Status::Invalid("a range before the file's start");
  const auto read = file_->Read(static_cast<std::uint64_t>(position),
                                {static_cast<std::byte*>(out), static_cast<std::size_t>(bytes)});
  if (read) return static_cast<std::int64_t>(*read);
  std::lock_guard lock(mutex_);
  if (!failure_) failure_ = read.error();
  return arrow::Status::IOError(read.error().message);
}

arrow::Result<std::shared_ptr<arrow::Buffer>> RandomAccess::ReadAt(std::int64_t position,
                                                                   std::int64_t bytes) {
  if (position < 0 || bytes < 0) return arrow::Status::Invalid("a range before the file's start");
  const auto size = static_cast<std::int64_t>(file_->size());
  const std::int64_t there = std::min(bytes, std::max<std::int64_t>(0, size - position));
  ARROW_ASSIGN_OR_RAISE(auto buffer, arrow::AllocateResizableBuffer(there, pool_));
  ARROW_ASSIGN_OR_RAISE(const std::int64_t count, ReadAt(position, there, buffer->mutable_data()));
  if (count < there) ARROW_RETURN_NOT_OK(buffer->Resize(count));
  return std::shared_ptr<arrow::Buffer>(std::move(buffer));
}

std::optional<Error> RandomAccess::failure() const {
  std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace weir::slices
