#include "base/keccak_lanes.h"
#include "base/keccak_scalar.h"

// One state. Compiled with -mbmi -mbmi2, whose and-not takes one step where a plain CPU takes two.
namespace weir {
namespace {

struct BmiCode;

}  // namespace

void AbsorbBlocksBmi(std::uint64_t* words, const std::byte* blocks, std::size_t count) {
  AbsorbScalar<BmiCode>(words, blocks, count);
}

}  // namespace weir
