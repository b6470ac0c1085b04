#pragma once

#include <cstring>

#include "base/digest.h"
#include "base/keccak.h"

namespace weir {

/// Fills up the last block of a message, of which `used` bytes are there and at least one is free:
/// the bits 01 that tell SHA3 from other uses of Keccak, then 10*1 (FIPS 202, 6.1 and B.2).
inline void PadSha3Block(std::byte* block, std::size_t used) {
  std::memset(block + used, 0, kSha3BlockSize - used);
  block[used] = std::byte{0x06};
  block[kSha3BlockSize - 1] |= std::byte{0x80};
}

/// What SHA3-256 answers once the last block is taken in.
inline Digest DigestOf(const KeccakState& state) {
  Digest digest;
  std::memcpy(digest.data(), state.data(), digest.size());
  return digest;
}

}  // namespace weir
