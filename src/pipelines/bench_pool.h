#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "engine/workbench.h"

namespace weir::pipelines {

/// A few workbenches, opened when they are first needed and lent one piece of work at a time, so
/// that the memory of all work together is that of the benches. Thread-safe; outlives its loans.
class BenchPool {
 public:
  /// `most` benches, each opened with `options`.
  BenchPool(engine::EngineOptions options, std::size_t most)
      : options_(std::move(options)), most_(most) {}

  /// A bench while it lives; cleared when it goes back.
  class Loan {
   public:
    Loan(BenchPool& pool, std::unique_ptr<engine::Workbench> bench)
        : pool_(&pool), bench_(std::move(bench)) {}
    Loan(Loan&&) = default;
    ~Loan();
    engine::Workbench& operator*() const { return *bench_; }

   private:
    BenchPool* pool_;
    std::unique_ptr<engine::Workbench> bench_;
  };

  /// Waits for a free one; kDeadline or kCancelled as `context` says.
  Result<Loan> Borrow(const Context& context);

 private:
  void TakeBack(std::unique_ptr<engine::Workbench> bench);

  const engine::EngineOptions options_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::vector<std::unique_ptr<engine::Workbench>> free_ WEIR_GUARDED_BY(mutex_);
  std::size_t lent_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::pipelines
