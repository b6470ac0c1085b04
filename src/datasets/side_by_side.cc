#include "datasets/side_by_side.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/exception_error.h"

namespace weir::datasets {
namespace {

// What is left to do, and what has failed.
class Work {
 public:
  Work(std::size_t count, const std::function<Status(std::size_t)>& work)
      : count_(count), work_(work) {}

  void Run() {
    while (const auto next = Take()) {
      Status done = NoExceptions("work side by side", [&] { return work_(*next); });
      if (!done) Fail(*next, std::move(done));
    }
  }

  Status TakeStatus() { return std::move(status_); }

 private:
  std::optional<std::size_t> Take() {
    const std::lock_guard lock(mutex_);
    if (!status_ || next_ == count_) return std::nullopt;
    return next_++;
  }

  void Fail(std::size_t index, Status status) {
    const std::lock_guard lock(mutex_);
    if (!status_ && failed_ < index) return;
    failed_ = index;
    status_ = std::move(status);
  }

  const std::size_t count_;
  const std::function<Status(std::size_t)>& work_;
  std::mutex mutex_;
  std::size_t next_ = 0;
  std::size_t failed_ = 0;
  Status status_;
};

}  // namespace

std::size_t UsualThreads() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, 8);
}

Status SideBySide(std::size_t count, std::size_t threads,
                  const std::function<Status(std::size_t)>& work) {
  Work all(count, work);
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min(threads, count); ++i) {
      helpers.emplace_back([&] { all.Run(); });
    }
    all.Run();
  }
  return all.TakeStatus();
}

}  // namespace weir::datasets
