#include "base/multihash.h"

#include <algorithm>

#include "base/sha3.h"
#include "base/varint.h"

namespace weir {

Multihash Multihash::Sha3Of(ByteView bytes) { return {kSha3_256, Sha3::Of(bytes)}; }

Bytes Multihash::ToBytes() const {
  Bytes bytes;
  AppendVarint(bytes, code_);
  AppendVarint(bytes, digest_.size());
  bytes.insert(bytes.end(), digest_.begin(), digest_.end());
  return bytes;
}

std::string Multihash::ToText(Multibase base) const { return EncodeMultibase(base, ToBytes()); }

std::string Multihash::ShortText() const {
  constexpr std::size_t kShown = 8;
  const std::string text = ToText();
  return text.substr(text.size() - kShown);
}

Result<Multihash> Multihash::FromBytes(ByteView bytes) {
  ASSIGN_OR_RETURN(const std::uint64_t code, ReadVarint(bytes));
  ASSIGN_OR_RETURN(const std::uint64_t size, ReadVarint(bytes));
  Digest digest;
  if (size != digest.size() || bytes.size() != digest.size()) {
    return Invalid("a multihash has {} bytes of digest where {} are meant and {} understood",
                   bytes.size(), size, digest.size());
  }
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return Multihash(code, digest);
}

Result<Multihash> Multihash::Parse(std::string_view text) {
  ASSIGN_OR_RETURN(const Bytes bytes, DecodeMultibase(text));
  return FromBytes(bytes);
}

}  // namespace weir
