#include "tests/sim/control_simulation.h"

#include <gtest/gtest.h>

#include "tests/sim/seeds.h"

namespace weir::control {
namespace {

// Goal: nothing acknowledged is lost, nothing unacknowledged is half there, watches see each change
// once and in order, whatever the disk does. Method: control_simulation.h, for many seeds.
TEST(ControlSimulation, HoldsWhatItPromisesWhateverTheDiskDoes) {
  const Seeds seeds = Seeds::FromEnvironment(8);
  for (int i = 0; i < seeds.count; ++i) {
    const std::uint64_t seed = seeds.first + static_cast<std::uint64_t>(i);
    ControlSimulation simulation(seed);
    const std::string failure = simulation.Run(120);
    ASSERT_EQ(failure, "") << "repeat with WEIR_SEED=" << seed;
  }
}

}  // namespace
}  // namespace weir::control
