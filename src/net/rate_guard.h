#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "net/http_limits.h"

namespace weir::net {

/// How long a client may still take for a body, so that it moves `min_rate` bytes a second after
/// `rate_grace`. Only the time spent waiting for the client counts, not the handler's.
class RateGuard {
 public:
  using Clock = std::chrono::steady_clock;

  explicit RateGuard(const HttpLimits& limits) : limits_(limits) {}

  /// The client is waited for from now on; until when.
  Clock::time_point Begin() {
    began_ = Clock::now();
    const auto earned =
        std::chrono::milliseconds(moved_ * 1000 / std::max<std::uint64_t>(limits_.min_rate, 1));
    return began_ + limits_.rate_grace + earned - waited_;
  }

  /// It moved so many bytes since Begin.
  void End(std::uint64_t bytes) {
    waited_ += Clock::now() - began_;
    moved_ += bytes;
  }

  std::uint64_t moved() const { return moved_; }

 private:
  const HttpLimits& limits_;
  Clock::time_point began_{};
  Clock::duration waited_{};
  std::uint64_t moved_ = 0;
};

}  // namespace weir::net
