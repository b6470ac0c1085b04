#include "base/keccak.h"

#include <bit>

#include "base/check.h"
#include "base/keccak_lanes.h"
#include "base/keccak_scalar.h"

namespace weir {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks are read as little-endian words");

struct PlainCode;

using LaneFunction = void (*)(std::uint64_t* words, const std::byte* const* blocks,
                              std::size_t count);

// Lays the states' words beside each other, and back after.
void AbsorbInterleaved(LaneFunction absorb, std::size_t lanes, KeccakState* const* states,
                       const std::byte* const* blocks, std::size_t count) {
  alignas(64) std::uint64_t words[25 * kMostKeccakLanes];
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::size_t i = 0; i < 25; ++i) words[i * lanes + lane] = (*states[lane])[i];
  }
  absorb(words, blocks, count);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::size_t i = 0; i < 25; ++i) (*states[lane])[i] = words[i * lanes + lane];
  }
}

}  // namespace

void AbsorbBlocks(KeccakState& state, const std::byte* blocks, std::size_t count) {
#if defined(__x86_64__)
  static const bool has_bmi = __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("bmi2");
  if (has_bmi) return AbsorbBlocksBmi(state.data(), blocks, count);
#endif
  AbsorbScalar<PlainCode>(state.data(), blocks, count);
}

bool IsUsable(KeccakPath path) {
  switch (path) {
    case KeccakPath::kScalar:
      return true;
#if defined(__x86_64__)
    // These look at the CPU and at whether the system saves the wide registers.
    case KeccakPath::kAvx2:
      return __builtin_cpu_supports("avx2") != 0;
    case KeccakPath::kAvx512:
      return __builtin_cpu_supports("avx512f") != 0;
#else
    case KeccakPath::kAvx2:
    case KeccakPath::kAvx512:
      return false;
#endif
  }
  return false;
}

KeccakPath BestKeccakPath() {
  static const KeccakPath best = IsUsable(KeccakPath::kAvx512) ? KeccakPath::kAvx512
                                 : IsUsable(KeccakPath::kAvx2) ? KeccakPath::kAvx2
                                                               : KeccakPath::kScalar;
  return best;
}

std::size_t LanesOf(KeccakPath path) {
  switch (path) {
    case KeccakPath::kScalar:
      return 1;
    case KeccakPath::kAvx2:
      return 4;
    case KeccakPath::kAvx512:
      return 8;
  }
  return 1;
}

void AbsorbBlocks(KeccakPath path, KeccakState* const* states, const std::byte* const* blocks,
                  std::size_t count) {
  switch (path) {
    case KeccakPath::kScalar:
      AbsorbBlocks(*states[0], blocks[0], count);
      return;
#if defined(__x86_64__)
    case KeccakPath::kAvx2:
      AbsorbInterleaved(&AbsorbBlocksAvx2, 4, states, blocks, count);
      return;
    case KeccakPath::kAvx512:
      AbsorbInterleaved(&AbsorbBlocksAvx512, 8, states, blocks, count);
      return;
#else
    case KeccakPath::kAvx2:
    case KeccakPath::kAvx512:
      WEIR_CHECK(false);
#endif
  }
}

}  // namespace weir
