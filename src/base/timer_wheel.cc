#include "base/timer_wheel.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace weir {

TimerWheel::TimerWheel(std::uint64_t now) : now_(now) {}

TimerId TimerWheel::Schedule(std::uint64_t tick, Task task) {
  std::uint32_t slot = 0;
  if (free_.empty()) {
    slot = static_cast<std::uint32_t>(timers_.size());
    timers_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Timer& timer = timers_[slot];
  timer.tick = std::max(tick, now_ + 1);
  timer.task = std::move(task);
  Append(slot);
  ++size_;
  return {.slot = slot, .generation = timer.generation};
}

std::optional<Task> TimerWheel::Cancel(TimerId id) {
  if (id.slot >= timers_.size()) return std::nullopt;
  const Timer& timer = timers_[id.slot];
  if (timer.list == kNone || timer.generation != id.generation) return std::nullopt;
  Unlink(id.slot);
  return Release(id.slot);
}

std::vector<Task> TimerWheel::Advance(std::uint64_t tick) {
  std::vector<Task> fired;
  for (auto next = NextTick(); next && *next <= tick; next = NextTick()) Reach(*next, fired);
  now_ = std::max(now_, tick);
  return fired;
}

std::optional<std::uint64_t> TimerWheel::NextTick() const {
  for (std::uint32_t level = 0; level < kLevels; ++level) {
    if (occupied_[level] == 0) continue;
    // All lists of a level are ahead of now within it, and those of lower levels come first.
    const std::uint64_t list = static_cast<std::uint64_t>(std::countr_zero(occupied_[level]));
    const std::uint32_t shift = level * kBits;
    const std::uint32_t above = shift + kBits;
    const std::uint64_t prefix = above >= 64 ? 0 : now_ >> above << above;
    return prefix | list << shift;
  }
  return std::nullopt;
}

// Moves now to `tick`, which is a NextTick, and empties the one list that begins there.
void TimerWheel::Reach(std::uint64_t tick, std::vector<Task>& fired) {
  const auto level = static_cast<std::uint32_t>(
      std::find_if(occupied_.begin(), occupied_.end(), [](auto bits) { return bits != 0; }) -
      occupied_.begin());
  const auto list_in_level = static_cast<std::uint32_t>(std::countr_zero(occupied_[level]));
  const std::uint32_t list = level * kLists + list_in_level;
  now_ = tick;
  while (lists_[list].first != kNone) {
    const std::uint32_t slot = lists_[list].first;
    Unlink(slot);
    if (timers_[slot].tick == now_) {
      fired.push_back(Release(slot));
    } else {
      Append(slot);  // now a level or more further down, behind those of its tick already there
    }
  }
}

std::uint32_t TimerWheel::ListOf(std::uint64_t tick) const {
  const auto highest = static_cast<std::uint32_t>(63 - std::countl_zero(tick ^ now_));
  const std::uint32_t level = highest / kBits;
  return level * kLists + (tick >> (level * kBits)) % kLists;
}

void TimerWheel::Append(std::uint32_t slot) {
  Timer& timer = timers_[slot];
  timer.list = ListOf(timer.tick);
  List& list = lists_[timer.list];
  timer.previous = list.last;
  timer.next = kNone;
  (list.last == kNone ? list.first : timers_[list.last].next) = slot;
  list.last = slot;
  occupied_[timer.list / kLists] |= std::uint64_t{1} << timer.list % kLists;
}

void TimerWheel::Unlink(std::uint32_t slot) {
  const Timer& timer = timers_[slot];
  List& list = lists_[timer.list];
  (timer.previous == kNone ? list.first : timers_[timer.previous].next) = timer.next;
  (timer.next == kNone ? list.last : timers_[timer.next].previous) = timer.previous;
  if (list.first == kNone) {
    occupied_[timer.list / kLists] &= ~(std::uint64_t{1} << timer.list % kLists);
  }
}

Task TimerWheel::Release(std::uint32_t slot) {
  Timer& timer = timers_[slot];
  timer.list = kNone;
  ++timer.generation;  // what still names it is stale
  free_.push_back(slot);
  --size_;
  return std::move(timer.task);
}

}  // namespace weir
