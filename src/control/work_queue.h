#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/context.h"
#include "base/guarded_by.h"
#include "control/committer.h"

namespace weir::control {

/// Where callers wait for the writer thread: bounded, first come first served. A caller whose
/// deadline passes leaves the queue; once its work was taken it waits for the outcome, because the
/// writer runs its body and nobody may say "not done" of what may be done.
class WorkQueue {
 public:
  struct Options {
    std::size_t max_waiting = 4096;
    std::chrono::milliseconds longest_wait{30'000};  ///< for callers that bring no deadline
  };

  explicit WorkQueue(Options options) : options_(options) {}

  /// Queues `body` and waits until it ran. kExhausted: the queue stayed full; kDeadline and
  /// kCancelled: it never ran; kUnavailable: the queue is closed.
  Result<Revision> Submit(const Context& context, std::function<Status(BatchTransaction&)> body);

  /// The writer's side: waits for work and takes up to `limit`; empty once closed and drained.
  std::vector<Work*> Take(std::size_t limit);
  /// The first `ran` of what was taken have their outcomes: wakes their callers, after which they
  /// are gone. The others go back to the front.
  void Finish(std::size_t ran);

  void Close();

 private:
  enum class Stage { kWaiting, kTaken, kDone };
  struct Item : Work {
    Stage stage = Stage::kWaiting;
    std::condition_variable_any changed;
  };

  Status WaitForRoom(std::unique_lock<std::mutex>& lock, const Context& context,
                     SteadyTime deadline);
  Status WaitForOutcome(std::unique_lock<std::mutex>& lock, const Context& context,
                        SteadyTime deadline, const std::shared_ptr<Item>& item);

  const Options options_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<Item>> waiting_ WEIR_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Item>> taken_ WEIR_GUARDED_BY(mutex_);
  bool closed_ WEIR_GUARDED_BY(mutex_) = false;
  std::condition_variable work_;
  std::condition_variable_any room_;
};

}  // namespace weir::control
