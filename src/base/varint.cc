#include "base/varint.h"

#include <algorithm>

namespace weir {
namespace {

constexpr std::size_t kLongest = 9;
constexpr unsigned kBits = 7;
constexpr std::uint64_t kMore = 0x80;

}  // namespace

void AppendVarint(Bytes& out, std::uint64_t value) {
  WEIR_CHECK(value >> (kLongest * kBits) == 0);
  for (; value >= kMore; value >>= kBits) {
    out.push_back(static_cast<std::byte>(value | kMore));
  }
  out.push_back(static_cast<std::byte>(value));
}

Result<std::uint64_t> ReadVarint(ByteView& bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min(bytes.size(), kLongest); ++i) {
    const auto byte = std::to_integer<std::uint64_t>(bytes[i]);
    value |= (byte & ~kMore) << (i * kBits);
    if ((byte & kMore) != 0) continue;
    if (byte == 0 && i > 0) return Invalid("a varint is longer than it needs to be");
    bytes = bytes.subspan(i + 1);
    return value;
  }
  if (bytes.size() < kLongest) return Invalid("a varint is cut short");
  return Invalid("a varint is longer than {} bytes", kLongest);
}

}  // namespace weir
