#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/rng.h"

namespace weir {

/// How a simulation is asked to run: WEIR_SEED repeats one seed; WEIR_ITERATIONS runs so many (the
/// default is short, for every day). A failure prints the seed it happened with.
struct Seeds {
  std::uint64_t first = 0;
  int count = 0;

  static Seeds FromEnvironment(int default_count) {
    if (const char* seed = std::getenv("WEIR_SEED")) {
      return {std::strtoull(seed, nullptr, 10), 1};
    }
    const char* count = std::getenv("WEIR_ITERATIONS");
    return {SystemRng().Below(1'000'000'000), count == nullptr ? default_count : std::atoi(count)};
  }
};

/// Runs simulation(seed) for each seed that is asked for, up to the first one that fails. A failure
/// says by which seed it is repeated.
template <typename Simulation>
void ForEachSeed(int default_count, const Simulation& simulation) {
  const Seeds seeds = Seeds::FromEnvironment(default_count);
  for (int i = 0; i < seeds.count; ++i) {
    const std::uint64_t seed = seeds.first + static_cast<std::uint64_t>(i);
    SCOPED_TRACE(testing::Message() << "repeat with WEIR_SEED=" << seed);
    simulation(seed);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace weir
