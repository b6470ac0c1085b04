#include "base/timers.h"

#include <pthread.h>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "base/check.h"

namespace weir {

Timers::Timers(Options options, const Clock& clock, Logger& log)
    : options_(options), clock_(clock), log_(log), start_(clock.Steady()) {
  WEIR_CHECK(options_.tick.count() > 0);
  thread_ = std::jthread([this](const std::stop_token& stop) { Work(stop); });
}

Timers::~Timers() { Stop(); }

Result<TimerId> Timers::At(SteadyTime when, Task task) {
  bool is_earliest = false;
  TimerId id;
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return Unavailable("the timers are stopped");
    if (wheel_.size() >= options_.most_timers) {
      return Exhausted("{} timers are pending", wheel_.size());
    }
    const auto next = wheel_.NextTick();
    const std::uint64_t tick = TickAfter(when);
    is_earliest = !next || tick < *next;
    id = wheel_.Schedule(tick, std::move(task));
  }
  if (is_earliest) changed_.notify_one();
  return id;
}

Result<TimerId> Timers::After(std::chrono::nanoseconds delay, Task task) {
  return At(clock_.Steady() + delay, std::move(task));
}

bool Timers::Cancel(TimerId id) {
  std::optional<Task> cancelled;  // destroyed without the lock: it may own anything
  {
    const std::lock_guard lock(mutex_);
    cancelled = wheel_.Cancel(id);
  }
  return cancelled.has_value();
}

std::size_t Timers::pending() const {
  const std::lock_guard lock(mutex_);
  return wheel_.size();
}

void Timers::Stop() {
  TimerWheel dropped;  // destroyed without the lock
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    std::swap(dropped, wheel_);
  }
  const std::lock_guard lock(stop_mutex_);
  WEIR_CHECK(std::this_thread::get_id() != thread_.get_id());
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Timers::Work(const std::stop_token& stop) {
  pthread_setname_np(pthread_self(), "timers");
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    std::vector<Task> due = wheel_.Advance(TickBefore(clock_.Steady()));
    if (due.empty()) {
      const auto seen = wheel_.NextTick();
      // Woken by a timer earlier than any before it; the predicate keeps that wake-up from being
      // lost.
      changed_.wait_for(lock, stop, WaitTime(), [&] { return wheel_.NextTick() != seen; });
      continue;
    }
    lock.unlock();
    for (Task& task : due) {
      if (stop.stop_requested()) break;
      Run(std::move(task));
    }
    due.clear();
    lock.lock();
  }
}

void Timers::Run(Task task) {
  try {
    task();
  } catch (const std::exception& exception) {
    log_.Error("timer_failed", {{"error", exception.what()}});
  } catch (...) {
    log_.Error("timer_failed", {{"error", "an unknown exception"}});
  }
}

// Rounded up, so that nothing runs early.
std::uint64_t Timers::TickAfter(SteadyTime when) const {
  if (when <= start_) return 0;
  const auto passed = std::chrono::nanoseconds(when - start_).count();
  return static_cast<std::uint64_t>((passed + options_.tick.count() - 1) / options_.tick.count());
}

std::uint64_t Timers::TickBefore(SteadyTime when) const {
  if (when <= start_) return 0;
  return static_cast<std::uint64_t>((when - start_) / options_.tick);
}

std::chrono::nanoseconds Timers::WaitTime() const {
  const auto next = wheel_.NextTick();
  if (!next) return options_.longest_wait;
  // Compared in ticks: a far tick in nanoseconds may not fit.
  const std::uint64_t now = TickBefore(clock_.Steady());
  const auto most = static_cast<std::uint64_t>(options_.longest_wait / options_.tick);
  if (*next > now && *next - now > most) return options_.longest_wait;
  const auto due = start_ + static_cast<std::int64_t>(*next) * options_.tick;
  return std::max(std::chrono::nanoseconds(due - clock_.Steady()), std::chrono::nanoseconds{0});
}

}  // namespace weir
