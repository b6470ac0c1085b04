#include "tests/sim/control_simulation.h"

#include <gtest/gtest.h>

#include "tests/sim/seeds.h"

namespace weir::control {
namespace {

// Goal: nothing acknowledged is lost, nothing unacknowledged is half there, watches see each change
// once and in order, whatever the disk does. Method: control_simulation.h, for many seeds.
TEST(ControlSimulation, HoldsWhatItPromisesWhateverTheDiskDoes) {
  ForEachSeed(8, [](std::uint64_t seed) {
    ControlSimulation simulation(seed);
    EXPECT_EQ(simulation.Run(120), "");
  });
}

}  // namespace
}  // namespace weir::control
