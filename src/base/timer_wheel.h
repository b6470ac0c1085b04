#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/task.h"

namespace weir {

/// Names a timer of one wheel; stale once the timer has fired or was cancelled.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  bool operator==(const TimerId&) const = default;
};

/// Timers in ticks, sorted only as far as needed: schedule and cancel take constant time, and a
/// timer is moved at most once for each level it descends.
///
/// Level 0 has a list for each of the next 64 ticks, level 1 one for each of the next 64 lists of
/// level 0, and so on; eleven levels hold all of 64 bits. A timer lies on the level of the highest
/// six bits in which its tick differs from now, so it is found there without search.
/// Not thread-safe, and knows no clock: base/timers.h drives it.
class TimerWheel {
 public:
  explicit TimerWheel(std::uint64_t now = 0);

  std::uint64_t now() const { return now_; }
  std::size_t size() const { return size_; }

  /// `task` is handed out by the Advance that reaches `tick`; a tick that is not after now counts
  /// as the next one.
  TimerId Schedule(std::uint64_t tick, Task task);

  /// The task, unrun; nullopt when the timer has fired or was cancelled.
  std::optional<Task> Cancel(TimerId id);

  /// Moves now to `tick` and returns the tasks of all ticks up to it, in order; those of one tick
  /// in the order they were scheduled. Does nothing when `tick` is not after now.
  std::vector<Task> Advance(std::uint64_t tick);

  /// A tick at which there is something to do, if only to sort: no timer fires before it.
  std::optional<std::uint64_t> NextTick() const;

 private:
  static constexpr std::uint32_t kBits = 6;
  static constexpr std::uint32_t kLists = 1U << kBits;
  static constexpr std::uint32_t kLevels = (64 + kBits - 1) / kBits;
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Timer {
    std::uint64_t tick = 0;
    Task task;
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
    std::uint32_t generation = 0;
    std::uint32_t list = kNone;  // level * kLists + list; kNone when not in use
  };
  struct List {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
  };

  std::uint32_t ListOf(std::uint64_t tick) const;
  void Append(std::uint32_t slot);
  void Unlink(std::uint32_t slot);
  Task Release(std::uint32_t slot);
  void Reach(std::uint64_t tick, std::vector<Task>& fired);

  std::uint64_t now_;
  std::size_t size_ = 0;
  std::vector<Timer> timers_;        // by TimerId::slot
  std::vector<std::uint32_t> free_;  // slots not in use
  std::array<List, kLevels * kLists> lists_;
  std::array<std::uint64_t, kLevels> occupied_{};  // a bit for each list that is not empty
};

}  // namespace weir
