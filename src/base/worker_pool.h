#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/log.h"
#include "base/task.h"

namespace weir {

/// A fixed number of threads that run tasks in the order they came, with a bounded queue before
/// them: who brings more than fits waits or is told so, instead of the memory growing.
///
/// An exception that leaves a task is logged and goes no further. A task that is dropped is
/// destroyed unrun, so a promise it owns breaks and its waiter wakes. Thread-safe.
class WorkerPool {
 public:
  struct Options {
    std::string name = "worker";  ///< of the threads, for top and gdb; at most 15 characters count
    std::size_t threads = 2;
    std::size_t queue = 256;  ///< tasks that may wait besides those running
  };
  enum class WhenFull { kWait, kRefuse };
  enum class StopMode { kDrain, kDrop };

  WorkerPool(Options options, Logger& log);
  ~WorkerPool();  ///< Stop(kDrop)
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Queues `task`. Errors: kExhausted when the queue is full and `when_full` is kRefuse, or the
  /// caller is a task of this pool (waiting there could wait for itself); kDeadline or kCancelled
  /// when `context` ended while waiting; kUnavailable when stopped. The task then never runs.
  Status Submit(const Context& context, Task task, WhenFull when_full = WhenFull::kWait);

  /// Takes no more tasks, runs or drops those that wait, and returns when every thread has ended.
  /// May be repeated. Must not be called from a task of this pool.
  void Stop(StopMode mode);

  std::size_t queued() const;   ///< tasks waiting
  std::size_t running() const;  ///< tasks at work

 private:
  void Work();
  void WaitForWork(std::unique_lock<std::mutex>& lock);
  bool MayWake();  ///< under the lock; true: the caller then wakes one thread, without it
  void RunOne(Task task);

  const Options options_;
  Logger& log_;

  mutable std::mutex mutex_;
  std::condition_variable work_came_;
  std::condition_variable_any room_came_;
  std::deque<Task> queue_ WEIR_GUARDED_BY(mutex_);
  std::size_t running_ WEIR_GUARDED_BY(mutex_) = 0;
  std::size_t idle_ WEIR_GUARDED_BY(mutex_) = 0;          // threads that wait for work
  std::size_t wanting_room_ WEIR_GUARDED_BY(mutex_) = 0;  // callers that wait for room
  bool waking_ WEIR_GUARDED_BY(mutex_) = false;  // an idle thread was woken and has not begun
  bool stopping_ WEIR_GUARDED_BY(mutex_) = false;

  std::mutex stop_mutex_;  // one Stop at a time
  std::vector<std::thread> threads_ WEIR_GUARDED_BY(stop_mutex_);
};

}  // namespace weir
