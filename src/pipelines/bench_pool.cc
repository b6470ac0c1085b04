#include "pipelines/bench_pool.h"

#include "pipelines/patient_wait.h"

namespace weir::pipelines {

BenchPool::Loan::~Loan() {
  if (bench_) pool_->TakeBack(std::move(bench_));
}

Result<BenchPool::Loan> BenchPool::Borrow(const Context& context) {
  {
    std::unique_lock lock(mutex_);
    RETURN_IF_ERROR(WaitFor(context, freed_, lock, [&] { return lent_ < most_; }));
    ++lent_;
    if (!free_.empty()) {
      auto bench = std::move(free_.back());
      free_.pop_back();
      return Loan(*this, std::move(bench));
    }
  }
  auto bench = engine::OpenDuckDbWorkbench(options_);
  if (bench) return Loan(*this, *std::move(bench));
  TakeBack(nullptr);
  return bench.error();
}

void BenchPool::TakeBack(std::unique_ptr<engine::Workbench> bench) {
  // What an error has left unusable is replaced by the next who needs one.
  if (bench && !bench->Clear()) bench.reset();
  {
    const std::scoped_lock lock(mutex_);
    --lent_;
    if (bench) free_.push_back(std::move(bench));
  }
  freed_.notify_one();
}

}  // namespace weir::pipelines
