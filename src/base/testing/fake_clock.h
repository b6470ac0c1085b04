#pragma once

#include <chrono>
#include <mutex>

#include "base/clock.h"
#include "base/guarded_by.h"

namespace weir {

/// A clock that stands still until the test moves it. Thread-safe.
class FakeClock final : public Clock {
 public:
  /// 2026-01-01T00:00:00Z, a date that tells a fake time from 1970 and from today.
  static constexpr Timestamp kStart{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

  explicit FakeClock(Timestamp now = kStart) : now_(now) {}

  Timestamp Now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }

  SteadyTime Steady() const override {
    const std::lock_guard lock(mutex_);
    return steady_;
  }

  /// Time passes: both clocks move.
  void Advance(std::chrono::nanoseconds passed) {
    const std::lock_guard lock(mutex_);
    now_ += passed;
    steady_ += std::chrono::duration_cast<SteadyTime::duration>(passed);
  }

  /// Somebody sets the civil clock forwards or back; steady time does not notice.
  void Jump(std::chrono::nanoseconds distance) {
    const std::lock_guard lock(mutex_);
    now_ += distance;
  }

 private:
  mutable std::mutex mutex_;
  Timestamp now_ WEIR_GUARDED_BY(mutex_);
  SteadyTime steady_ WEIR_GUARDED_BY(mutex_){std::chrono::hours(1000)};
};

}  // namespace weir
