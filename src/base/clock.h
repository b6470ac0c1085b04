#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir {

/// A point of civil time, UTC, in nanoseconds since 1970.
using Timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// A point on a clock that never jumps; for deadlines and durations only.
using SteadyTime = std::chrono::steady_clock::time_point;

/// What time it is. Passed to whatever needs it, so that a run can be replayed and a test can say
/// what the time is. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  /// Civil time; it may jump, forwards and back.
  virtual Timestamp Now() const = 0;

  /// Time that only moves forward.
  virtual SteadyTime Steady() const = 0;
};

/// The machine's clocks.
Clock& SystemClock();

/// Civil time is always `pinned`, steady time is the machine's: the CLI's --system-time.
std::unique_ptr<Clock> PinnedClock(Timestamp pinned);

/// RFC 3339, UTC, with as many fraction digits as needed (0, 3, 6 or 9): 2026-11-21T10:00:00.123Z.
std::string FormatTimestamp(Timestamp time);

/// Reads RFC 3339 with any offset and up to nine fraction digits. kInvalid otherwise.
Result<Timestamp> ParseTimestamp(std::string_view text);

}  // namespace weir
