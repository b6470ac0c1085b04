#include "resources/utf8.h"

#include <cstdint>

namespace weir::resources {
namespace {

struct Lead {
  int following;
  std::uint32_t bits;
  std::uint32_t least;  // a smaller value has a shorter form
};

bool ReadLead(unsigned char byte, Lead& lead) {
  if (byte < 0x80) {
    lead = {0, byte, 1};
  } else if ((byte & 0xE0) == 0xC0) {
    lead = {1, byte & 0x1Fu, 0x80};
  } else if ((byte & 0xF0) == 0xE0) {
    lead = {2, byte & 0x0Fu, 0x800};
  } else if ((byte & 0xF8) == 0xF0) {
    lead = {3, byte & 0x07u, 0x10000};
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    Lead lead{};
    if (!ReadLead(static_cast<unsigned char>(text[at++]), lead)) return false;
    std::uint32_t point = lead.bits;
    for (int more = 0; more < lead.following; ++more) {
      if (at == text.size()) return false;
      const auto byte = static_cast<unsigned char>(text[at++]);
      if ((byte & 0xC0) != 0x80) return false;
      point = (point << 6) | (byte & 0x3Fu);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < lead.least || point > 0x10FFFF || surrogate) return false;
  }
  return true;
}

}  // namespace weir::resources
