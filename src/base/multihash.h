#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/multibase.h"
#include "base/result.h"

namespace weir {

/// A digest that says how it was made: varint code, varint length, digest.
class Multihash {
 public:
  static constexpr std::uint64_t kSha2_256 = 0x12;
  static constexpr std::uint64_t kSha3_256 = 0x16;
  static constexpr std::uint64_t kArrow0Sha3_256 = 0x300016;  ///< the logical hash of data

  /// No hash of anything: a place for one to be read into.
  Multihash() = default;
  Multihash(std::uint64_t code, const Digest& digest) : code_(code), digest_(digest) {}

  /// The SHA3-256 of `bytes`: what names blocks, slices and checkpoints.
  static Multihash Sha3Of(ByteView bytes);

  std::uint64_t code() const { return code_; }
  const Digest& digest() const { return digest_; }

  Bytes ToBytes() const;
  /// "f1620..." unless told otherwise.
  std::string ToText(Multibase base = Multibase::kBase16) const;
  /// The last eight characters of the text, for people.
  std::string ShortText() const;

  /// kInvalid for anything but one whole multihash of a digest of 32 bytes; the code may be any.
  static Result<Multihash> FromBytes(ByteView bytes);
  /// In any multibase.
  static Result<Multihash> Parse(std::string_view text);

  auto operator<=>(const Multihash&) const = default;

 private:
  std::uint64_t code_ = 0;
  Digest digest_{};
};

}  // namespace weir
