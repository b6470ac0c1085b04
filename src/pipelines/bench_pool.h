#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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

  struct Bench {
    std::unique_ptr<engine::Workbench> bench;
    std::string work = {};                  ///< that it was left ready for; empty: it is clear
    std::shared_ptr<const void> left = {};  ///< what that work left beside it
  };

  /// A bench while it lives; cleared when it goes back, unless it is left ready.
  class Loan {
   public:
    Loan(BenchPool& pool, Bench bench) : pool_(&pool), bench_(std::move(bench)) {}
    Loan(Loan&&) = default;
    ~Loan();
    engine::Workbench& operator*() const { return *bench_.bench; }

    /// What the last work of the same name left; null: the bench is clear.
    template <typename Left>
    std::shared_ptr<const Left> left() const {
      return std::static_pointer_cast<const Left>(bench_.left);
    }

    /// Has the bench stay as it is for the next work called `work`.
    void Leave(std::string work, std::shared_ptr<const void> left) {
      work_ = std::move(work);
      left_ = std::move(left);
    }

   private:
    BenchPool* pool_;
    Bench bench_;
    std::string work_;
    std::shared_ptr<const void> left_;
  };

  /// Waits for a free one, if there is one the one that was left ready for `work`; kDeadline or
  /// kCancelled as `context` says.
  Result<Loan> Borrow(const Context& context, const std::string& work = {});

 private:
  // Benches that wait; each holds some memory.
  static constexpr std::size_t kMostFree = 8;

  void TakeBack(Bench bench);
  std::optional<Bench> TakeFree(const std::string& work);

  const engine::EngineOptions options_;
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable_any freed_;
  std::vector<Bench> free_ WEIR_GUARDED_BY(mutex_);  // that which waits longest first
  std::size_t lent_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::pipelines
