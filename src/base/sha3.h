#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/keccak.h"

namespace weir {

/// SHA3-256 (FIPS 202) of bytes that come piece by piece. One thread at a time. For several streams
/// at once see base/sha3_group.h.
class Sha3 {
 public:
  void Update(ByteView bytes);

  /// The digest of all so far; the hasher then starts anew.
  Digest Finish();

  static Digest Of(ByteView bytes);

 private:
  KeccakState state_{};
  std::array<std::byte, kSha3BlockSize> buffer_;
  std::size_t buffered_ = 0;
};

/// The SHA3-256 of each of `messages`, several at once where the CPU can: the same digests sooner.
std::vector<Digest> Sha3OfEach(std::span<const ByteView> messages,
                               KeccakPath path = BestKeccakPath());

}  // namespace weir
