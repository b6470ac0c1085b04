#include "slices/limited_pool.h"

#include <arrow/status.h>

namespace weir::slices {

arrow::Status LimitedPool::Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) {
  ARROW_RETURN_NOT_OK(Take(size));
  const auto status = under_.Allocate(size, alignment, out);
  if (!status.ok()) {
    used_ -= size;
    return status;
  }
  ++holders_;
  ++allocations_;
  total_ += size;
  return status;
}

arrow::Status LimitedPool::Reallocate(std::int64_t old_size, std::int64_t new_size,
                                      std::int64_t alignment, std::uint8_t** bytes) {
  ARROW_RETURN_NOT_OK(Take(new_size - old_size));
  const auto status = under_.Reallocate(old_size, new_size, alignment, bytes);
  if (!status.ok()) {
    used_ -= new_size - old_size;
    return status;
  }
  ++allocations_;
  if (new_size > old_size) total_ += new_size - old_size;
  return status;
}

void LimitedPool::Free(std::uint8_t* buffer, std::int64_t size, std::int64_t alignment) {
  under_.Free(buffer, size, alignment);
  used_ -= size;
  Leave();
}

arrow::Status LimitedPool::Take(std::int64_t more) {
  if (more > 0 && more > limit_ - used_) {
    return arrow::Status::OutOfMemory("reading it takes more than ", limit_, " bytes of memory");
  }
  used_ += more;
  return arrow::Status::OK();
}

void LimitedPool::Leave() {
  if (--holders_ == 0) delete this;
}

}  // namespace weir::slices
