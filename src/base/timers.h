#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>

#include "base/clock.h"
#include "base/guarded_by.h"
#include "base/log.h"
#include "base/result.h"
#include "base/task.h"
#include "base/timer_wheel.h"

namespace weir {

/// Runs tasks at points of steady time, on one thread of its own: never early, late by a tick or as
/// long as the tasks before take. So a task is short, and hands real work to a WorkerPool. An
/// exception that leaves a task is logged. Thread-safe.
class Timers {
 public:
  struct Options {
    std::chrono::nanoseconds tick = std::chrono::milliseconds(1);  ///< how finely time is cut
    std::size_t most_timers = 1'000'000;                           ///< pending at one time
    /// The clock is looked at this often even when nothing is due: shorter for a clock that leaps.
    std::chrono::nanoseconds longest_wait = std::chrono::seconds(1);
  };

  Timers(Options options, const Clock& clock, Logger& log);
  ~Timers();  ///< Stop()
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  /// kExhausted when too many are pending; kUnavailable when stopped.
  Result<TimerId> At(SteadyTime when, Task task);
  Result<TimerId> After(std::chrono::nanoseconds delay, Task task);

  /// True when the task will not run any more, and is destroyed; false when it has run, runs now,
  /// or was cancelled.
  bool Cancel(TimerId id);

  std::size_t pending() const;

  /// Drops what is pending and returns when the running task has ended. May be repeated; must not
  /// be called from a task.
  void Stop();

 private:
  void Work(const std::stop_token& stop);
  std::uint64_t TickAfter(SteadyTime when) const;
  std::uint64_t TickBefore(SteadyTime when) const;
  std::chrono::nanoseconds WaitTime() const;
  void Run(Task task);

  const Options options_;
  const Clock& clock_;
  Logger& log_;
  const SteadyTime start_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  TimerWheel wheel_ WEIR_GUARDED_BY(mutex_);
  bool stopped_ WEIR_GUARDED_BY(mutex_) = false;

  std::mutex stop_mutex_;  // one Stop at a time
  std::jthread thread_;
};

}  // namespace weir
