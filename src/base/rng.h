#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace weir {

/// Where randomness comes from. Thread-safe.
class Rng {
 public:
  virtual ~Rng() = default;

  /// Fills `out` with random bytes.
  virtual void Fill(std::span<std::byte> out) = 0;

  /// A uniform 64-bit number.
  std::uint64_t Next();

  /// A uniform number in [0, bound); `bound` > 0.
  std::uint64_t Below(std::uint64_t bound);
};

/// The kernel's generator, fit for keys and ids.
Rng& SystemRng();

/// A repeatable stream from `seed`, for simulations and tests; never for keys.
std::unique_ptr<Rng> SeededRng(std::uint64_t seed);

}  // namespace weir
