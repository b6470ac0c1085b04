#include "api/utf8.h"

#include <cstdint>

namespace weir::api {
namespace {

// How many bytes follow a first byte, and the smallest code point that may be written so.
struct Lead {
  int following;
  std::uint32_t bits;
  std::uint32_t smallest;
};

Lead LeadOf(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0};
  if ((byte & 0xe0) == 0xc0) return {1, byte & 0x1fU, 0x80};
  if ((byte & 0xf0) == 0xe0) return {2, byte & 0x0fU, 0x800};
  if ((byte & 0xf8) == 0xf0) return {3, byte & 0x07U, 0x10000};
  return {-1, 0, 0};
}

// How many bytes the character at `i` has; 0 when there is none.
std::size_t CharacterAt(std::string_view text, std::size_t i) {
  const Lead lead = LeadOf(static_cast<unsigned char>(text[i++]));
  if (lead.following < 0 || text.size() - i < static_cast<std::size_t>(lead.following)) return 0;
  std::uint32_t code_point = lead.bits;
  for (int k = 0; k < lead.following; ++k) {
    const auto byte = static_cast<unsigned char>(text[i++]);
    if ((byte & 0xc0) != 0x80) return 0;
    code_point = code_point << 6 | (byte & 0x3fU);
  }
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < lead.smallest || surrogate || code_point > 0x10ffff) return 0;
  return static_cast<std::size_t>(lead.following) + 1;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = CharacterAt(text, i);
    if (size == 0) return false;
    i += size;
  }
  return true;
}

std::string OnlyUtf8(std::string_view text) {
  std::string whole;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t size = CharacterAt(text, i);
    whole += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(i, size);
    i += size == 0 ? 1 : size;
  }
  return whole;
}

}  // namespace weir::api
