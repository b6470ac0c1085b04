#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "base/rng.h"

namespace weir {

/// 128 bits that nobody else has (RFC 9562). Compares as its text does.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  /// 36 lower-case characters: 0190a5e2-7d3b-7cc2-9f1a-3b1f0e5d6c7a.
  std::string ToString() const;

  /// Reads what ToString writes, of any version; upper-case digits too. kInvalid otherwise.
  static Result<Uuid> Parse(std::string_view text);

  auto operator<=>(const Uuid&) const = default;
};

/// Makes UUIDs of version 7: they begin with the time in milliseconds, so that ids made later sort
/// later. Those of one maker grow strictly, within a millisecond and when the clock goes back.
/// Thread-safe. Holds on to the clock and the numbers it was given.
class UuidMaker {
 public:
  UuidMaker(const Clock& clock, Rng& rng) : clock_(clock), rng_(rng) {}

  Uuid Next();

 private:
  const Clock& clock_;
  Rng& rng_;
  std::mutex mutex_;
  std::int64_t last_ms_ WEIR_GUARDED_BY(mutex_) = -1;
  std::uint32_t counter_ WEIR_GUARDED_BY(mutex_) = 0;  // 12 bits, above the random ones
};

}  // namespace weir
