#include "base/base64.h"

#include <cstdint>

namespace weir {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kDigitBits = 6;
constexpr unsigned kByteBits = 8;

}  // namespace

std::string EncodeBase64Url(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;  // the lowest `bits` of it are still to be written
  unsigned bits = 0;
  for (const std::byte byte : bytes) {
    pending = pending << kByteBits | std::to_integer<std::uint32_t>(byte);
    for (bits += kByteBits; bits >= kDigitBits;) {
      bits -= kDigitBits;
      text += kAlphabet[pending >> bits & 0x3f];
    }
  }
  if (bits > 0) text += kAlphabet[pending << (kDigitBits - bits) & 0x3f];
  return text;
}

Result<Bytes> DecodeBase64Url(std::string_view text) {
  Bytes bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto digit = kAlphabet.find(c);
    if (digit == std::string_view::npos) return Invalid("base64url text has another character");
    pending = pending << kDigitBits | static_cast<std::uint32_t>(digit);
    bits += kDigitBits;
    if (bits < kByteBits) continue;
    bits -= kByteBits;
    bytes.push_back(static_cast<std::byte>(pending >> bits));
  }
  // What is left is zeros, and less than a digit of them, or a byte is missing.
  if (bits >= kDigitBits) return Invalid("base64url text is cut short");
  if ((pending & ((1U << bits) - 1)) != 0) return Invalid("base64url text ends in stray bits");
  return bytes;
}

}  // namespace weir
