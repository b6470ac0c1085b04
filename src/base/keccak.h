#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir {

/// The 1600 bits that Keccak stirs; word x + 5y is lane (x, y) of FIPS 202.
using KeccakState = std::array<std::uint64_t, 25>;

/// Bytes that SHA3-256 takes in between two permutations.
inline constexpr std::size_t kSha3BlockSize = 136;

/// Takes `count` blocks of kSha3BlockSize bytes into `state`, one after the other.
void AbsorbBlocks(KeccakState& state, const std::byte* blocks, std::size_t count);

/// How several states can be permuted at once on this machine.
enum class KeccakPath { kScalar, kAvx2, kAvx512 };

/// The widest the CPU and the system allow.
KeccakPath BestKeccakPath();
bool IsUsable(KeccakPath path);

/// States that one permutation serves: 1, 4 or 8.
std::size_t LanesOf(KeccakPath path);

inline constexpr std::size_t kMostKeccakLanes = 8;

/// Takes `count` blocks of each `blocks[lane]` into `states[lane]`, all lanes at once; there are
/// LanesOf(path) of both.
void AbsorbBlocks(KeccakPath path, KeccakState* const* states, const std::byte* const* blocks,
                  std::size_t count);

}  // namespace weir
