#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace weir::odf {

/// The identity of a dataset: the DID of an Ed25519 public key (spec section 1). Text is
/// `did:odf:fed01` and 64 hex digits; binary is `ed 01` and the 32 bytes of the key.
class DatasetId {
 public:
  using PublicKey = std::array<std::uint8_t, 32>;

  DatasetId() = default;
  explicit DatasetId(const PublicKey& key) : key_(key) {}

  /// Reads the text form with any multibase (f, F, z, u). kInvalid otherwise.
  static Result<DatasetId> Parse(std::string_view text);
  /// Reads the 34 bytes of the binary form. kInvalid otherwise.
  static Result<DatasetId> FromBytes(ByteView bytes);

  const PublicKey& public_key() const { return key_; }
  std::string ToString() const;     ///< did:odf:fed01…
  std::string ToMultibase() const;  ///< fed01…: the name of its directory
  std::string ToDidKey() const;     ///< did:key:z6Mk…, the same key as did:key
  Bytes ToBytes() const;

  auto operator<=>(const DatasetId&) const = default;

 private:
  PublicKey key_{};
};

}  // namespace weir::odf
