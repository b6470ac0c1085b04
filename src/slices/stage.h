#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/exception_error.h"
#include "base/guarded_by.h"
#include "base/result.h"

namespace weir::slices {

/// A step of a pipeline: a thread of its own that handles items in the order they were pushed, with
/// a bounded queue before it. After the first failure it handles nothing more. The thread begins
/// with the second item, so that little work (a small append) is done by the caller, in Finish.
///
/// One thread pushes and finishes. The handler may push into a later stage, which must outlive this
/// one. Destruction drops what waits and ends when the item at work is done.
template <typename Item>
class Stage {
 public:
  using Handle = std::function<Status(Item)>;

  /// Items wait as long as those in the queue weigh `most_weight` or more.
  Stage(std::size_t most_weight, Handle handle)
      : most_weight_(most_weight), handle_(std::move(handle)) {}
  ~Stage() { End(/*drop=*/true); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// Waits for room. False when the stage has failed: the item is dropped, Finish() says why.
  bool Push(Item item, std::size_t weight) {
    std::unique_lock lock(mutex_);
    if (!queue_.empty() && !thread_.joinable()) thread_ = std::thread([this] { Work(); });
    changed_.wait(lock, [this] { return failed_ || waiting_ < most_weight_; });
    if (failed_) return false;
    queue_.emplace_back(std::move(item), weight);
    waiting_ += weight;
    changed_.notify_all();
    return true;
  }

  /// No more items: waits until all are handled, or one failed.
  Status Finish() {
    End(/*drop=*/false);
    return result();
  }

  /// The first failure so far. Thread-safe.
  Status result() const {
    std::lock_guard lock(mutex_);
    return result_;
  }

 private:
  void End(bool drop) {
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
      if (drop) queue_.clear();
      changed_.notify_all();
    }
    if (!thread_.joinable()) return Work();
    thread_.join();
  }

  std::optional<std::pair<Item, std::size_t>> Next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !queue_.empty(); });
    if (queue_.empty()) return std::nullopt;
    auto next = std::move(queue_.front());
    queue_.pop_front();
    return next;
  }

  void Work() {
    while (auto next = Next()) {
      const std::size_t weight = next->second;
      Status handled = NoExceptions("work on a slice",
                                    [&]() -> Status { return handle_(std::move(next->first)); });
      std::lock_guard lock(mutex_);
      waiting_ -= weight;
      if (!handled) {
        failed_ = true;
        result_ = std::move(handled);
        queue_.clear();
        changed_.notify_all();
        return;
      }
      changed_.notify_all();
    }
  }

  const std::size_t most_weight_;
  const Handle handle_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<Item, std::size_t>> queue_ WEIR_GUARDED_BY(mutex_);
  std::size_t waiting_ WEIR_GUARDED_BY(mutex_) = 0;  // weight of the queue and the item at work
  bool ended_ WEIR_GUARDED_BY(mutex_) = false;
  bool failed_ WEIR_GUARDED_BY(mutex_) = false;
  Status result_ WEIR_GUARDED_BY(mutex_);
  std::thread thread_;  // of who pushes; last: it uses all the others
};

}  // namespace weir::slices
