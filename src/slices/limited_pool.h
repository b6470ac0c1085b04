#pragma once

#include <arrow/memory_pool.h>

#include <atomic>
#include <memory>

namespace weir::slices {

/// Memory for reading one file, up to a limit, so that a file from outside cannot take all there
/// is. Rows may outlive their reader: the pool goes away by itself when its owner and the last of
/// its buffers are gone. Thread-safe.
class LimitedPool final : public arrow::MemoryPool {
 public:
  struct Release {
    void operator()(LimitedPool* pool) const { pool->Leave(); }
  };
  using Owner = std::unique_ptr<LimitedPool, Release>;

  static Owner Make(std::int64_t limit) { return Owner(new LimitedPool(limit)); }

  using MemoryPool::Allocate;
  using MemoryPool::Free;
  using MemoryPool::Reallocate;
  arrow::Status Allocate(std::int64_t size, std::int64_t alignment, std::uint8_t** out) override;
  arrow::Status Reallocate(std::int64_t old_size, std::int64_t new_size, std::int64_t alignment,
                           std::uint8_t** bytes) override;
  void Free(std::uint8_t* buffer, std::int64_t size, std::int64_t alignment) override;

  std::int64_t bytes_allocated() const override { return used_; }
  std::int64_t max_memory() const override { return limit_; }
  std::int64_t total_bytes_allocated() const override { return total_; }
  std::int64_t num_allocations() const override { return allocations_; }
  std::string backend_name() const override { return under_.backend_name(); }

 private:
  explicit LimitedPool(std::int64_t limit) : limit_(limit) {}

  arrow::Status Take(std::int64_t more);
  void Leave();

  arrow::MemoryPool& under_ = *arrow::default_memory_pool();
  const std::int64_t limit_;
  std::atomic<std::int64_t> used_ = 0;
  std::atomic<std::int64_t> total_ = 0;
  std::atomic<std::int64_t> allocations_ = 0;
  std::atomic<std::int64_t> holders_ = 1;  // the owner and each buffer
};

}  // namespace weir::slices
