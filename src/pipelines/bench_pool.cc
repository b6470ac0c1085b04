#include "pipelines/bench_pool.h"

#include <algorithm>

#include "pipelines/patient_wait.h"

namespace weir::pipelines {

BenchPool::Loan::~Loan() {
  if (!bench_.bench) return;
  bench_.work = std::move(work_);
  bench_.left = std::move(left_);
  pool_->TakeBack(std::move(bench_));
}

Result<BenchPool::Loan> BenchPool::Borrow(const Context& context, const std::string& work) {
  std::optional<Bench> found;
  {
    std::unique_lock lock(mutex_);
    RETURN_IF_ERROR(WaitFor(context, freed_, lock, [&] { return lent_ < most_; }));
    ++lent_;
    found = TakeFree(work);
  }
  if (found) {
    if (found->work == work || found->bench->Clear()) return Loan(*this, *std::move(found));
    found.reset();
  }
  auto opened = engine::OpenDuckDbWorkbench(options_);
  if (opened) return Loan(*this, {.bench = *std::move(opened)});
  TakeBack({});
  return opened.error();
}

// One that is ready; else one that is clear; else, once there are many, that which waits longest.
std::optional<BenchPool::Bench> BenchPool::TakeFree(const std::string& work) {
  auto found = std::ranges::find(free_, work, &Bench::work);
  if (found == free_.end()) found = std::ranges::find(free_, std::string(), &Bench::work);
  if (found == free_.end() && free_.size() >= kMostFree) found = free_.begin();
  if (found == free_.end()) return std::nullopt;
  Bench taken = std::move(*found);
  free_.erase(found);
  if (taken.work != work) taken.left.reset();
  return taken;
}

void BenchPool::TakeBack(Bench bench) {
  // What an error has left unusable is replaced by the next who needs one.
  if (bench.bench && bench.work.empty() && !bench.bench->Clear()) bench.bench.reset();
  {
    const std::scoped_lock lock(mutex_);
    --lent_;
    if (bench.bench) free_.push_back(std::move(bench));
  }
  freed_.notify_one();
}

}  // namespace weir::pipelines
