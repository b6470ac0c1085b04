#include "net/utf8.h"

#include <cstdint>

namespace weir::net {
namespace {

// How a character of several bytes may begin: its length, and the range of its second byte, which
// shuts out long forms, surrogates and what lies above U+10FFFF (Unicode, table 3-7).
struct Lead {
  std::size_t size;
  std::uint8_t low;
  std::uint8_t high;
};

Lead LeadOf(std::uint8_t byte) {
  if (byte >= 0xc2 && byte <= 0xdf) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return {4, 0x80, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {0, 0, 0};
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const Lead lead = LeadOf(byte);
    if (lead.size == 0 || text.size() - at < lead.size) return false;
    const auto second = static_cast<std::uint8_t>(text[at + 1]);
    if (second < lead.low || second > lead.high) return false;
    for (std::size_t i = 2; i < lead.size; ++i) {
      if ((static_cast<std::uint8_t>(text[at + i]) & 0xc0) != 0x80) return false;
    }
    at += lead.size;
  }
  return true;
}

}  // namespace weir::net
