#include "odf/dataset_id.h"

#include <algorithm>

#include "base/multibase.h"

namespace weir::odf {
namespace {

constexpr std::string_view kMethod = "did:odf:";
// The multicodec ed25519-pub, 0xed, as a varint.
constexpr std::array<std::byte, 2> kEd25519{std::byte{0xed}, std::byte{0x01}};

}  // namespace

Result<DatasetId> DatasetId::Parse(std::string_view text) {
  if (!text.starts_with(kMethod)) {
    return Invalid("\"{}\" is no dataset id", text.substr(0, 100)).WithHint("did:odf:fed01...");
  }
  auto bytes = DecodeMultibase(text.substr(kMethod.size()));
  if (!bytes)
    return Invalid("\"{}\" is no dataset id: {}", text.substr(0, 100), bytes.error().message);
  return FromBytes(*bytes);
}

Result<DatasetId> DatasetId::FromBytes(ByteView bytes) {
  DatasetId id;
  if (bytes.size() != kEd25519.size() + id.key_.size() ||
      !std::equal(kEd25519.begin(), kEd25519.end(), bytes.begin())) {
    return Invalid("a dataset id is an Ed25519 public key, these {} bytes are none", bytes.size());
  }
  std::transform(bytes.begin() + kEd25519.size(), bytes.end(), id.key_.begin(),
                 [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return id;
}

Bytes DatasetId::ToBytes() const {
  Bytes bytes(kEd25519.begin(), kEd25519.end());
  for (const std::uint8_t byte : key_) bytes.push_back(std::byte{byte});
  return bytes;
}

std::string DatasetId::ToMultibase() const {
  return EncodeMultibase(Multibase::kBase16, ToBytes());
}

std::string DatasetId::ToString() const { return std::string(kMethod) + ToMultibase(); }

std::string DatasetId::ToDidKey() const {
  return "did:key:" + EncodeMultibase(Multibase::kBase58Btc, ToBytes());
}

}  // namespace weir::odf
