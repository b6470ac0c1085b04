// Text from other people's datasets: ids and hashes. What is accepted is the one text of its bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "base/multibase.h"
#include "base/multihash.h"
#include "base/varint.h"

namespace {

weir::Multibase BaseOf(char prefix) {
  switch (prefix) {
    case 'F':
      return weir::Multibase::kBase16Upper;
    case 'z':
      return weir::Multibase::kBase58Btc;
    case 'u':
      return weir::Multibase::kBase64Url;
    default:
      return weir::Multibase::kBase16;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto bytes = weir::DecodeMultibase(text)) {
    WEIR_CHECK(weir::EncodeMultibase(BaseOf(text.front()), *bytes) == text);
    if (const auto hash = weir::Multihash::FromBytes(*bytes)) {
      WEIR_CHECK(hash->ToBytes() == *bytes);
    }
  }
  weir::ByteView rest = weir::AsBytes(text);
  if (const auto value = weir::ReadVarint(rest)) {
    weir::Bytes written;
    weir::AppendVarint(written, *value);
    WEIR_CHECK(weir::AsText(written) == text.substr(0, size - rest.size()));
  }
  return 0;
}
