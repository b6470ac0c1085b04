#pragma once

#include <cstddef>
#include <cstdint>

#include "base/keccak_rounds.h"

namespace weir {

/// One state in ordinary registers. `Code` keeps apart the copies for different CPUs.
template <typename Code>
struct ScalarWord {
  static std::uint64_t Xor(std::uint64_t a, std::uint64_t b) { return a ^ b; }
  static std::uint64_t Xor5(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d,
                            std::uint64_t e) {
    return a ^ b ^ c ^ d ^ e;
  }
  static std::uint64_t Theta(std::uint64_t b, std::uint64_t c) { return Xor(b, c); }
  static std::uint64_t Mix(std::uint64_t a, std::uint64_t d) { return Xor(a, d); }
  template <int n>
  static std::uint64_t Rotate(std::uint64_t a) {
    return a << n | a >> (64 - n);
  }
  static std::uint64_t Chi(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
    return a ^ (~b & c);
  }
  static std::uint64_t Constant(std::uint64_t c) { return c; }
};

template <typename Code>
void AbsorbScalar(std::uint64_t* words, const std::byte* blocks, std::size_t count) {
  constexpr std::size_t kWords = 17;
  std::uint64_t a[25];
  for (std::size_t i = 0; i < 25; ++i) a[i] = words[i];
  for (; count > 0; --count) {
    for (std::size_t i = 0; i < kWords; ++i) {
      std::uint64_t word = 0;
      __builtin_memcpy(&word, blocks + i * sizeof word, sizeof word);
      a[i] ^= word;
    }
    KeccakRounds<ScalarWord<Code>>(a);
    blocks += kWords * sizeof(std::uint64_t);
  }
  for (std::size_t i = 0; i < 25; ++i) words[i] = a[i];
}

}  // namespace weir
