#include "slices/text_bound.h"

#include <cstdint>

namespace weir::slices {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Whole code points only.
std::string_view CutShort(std::string_view text) {
  if (text.size() <= kMostBoundBytes) return text;
  std::size_t end = kMostBoundBytes;
  while (end > 0 && IsContinuation(text[end])) --end;
  return text.substr(0, end);
}

// Where the last code point of `text` starts.
std::size_t LastStart(std::string_view text) {
  std::size_t start = text.size() - 1;
  while (start > 0 && IsContinuation(text[start])) --start;
  return start;
}

std::uint32_t CodePointOf(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes[0]);
  std::uint32_t code = first;
  if (bytes.size() == 2) code = first & 0x1FU;
  if (bytes.size() == 3) code = first & 0x0FU;
  if (bytes.size() >= 4) code = first & 0x07U;
  for (const char byte : bytes.substr(1)) {
    code = code << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  return code;
}

void AppendCodePoint(std::string& out, std::uint32_t code) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | code >> 12U);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | code >> 18U);
    tail(12);
    tail(6);
    tail(0);
  }
}

constexpr std::uint32_t kLastCodePoint = 0x10FFFF;

}  // namespace

std::string LowerTextBound(std::string_view text) { return std::string(CutShort(text)); }

std::optional<std::string> UpperTextBound(std::string_view text) {
  std::string_view kept = CutShort(text);
  if (kept.size() == text.size()) return std::string(text);
  // Byte order of UTF-8 is the order of code points, so the next text is one code point up.
  while (!kept.empty()) {
    const std::size_t start = LastStart(kept);
    const std::uint32_t code = CodePointOf(kept.substr(start));
    std::string next(kept.substr(0, start));
    if (code < kLastCodePoint) {
      AppendCodePoint(next, code == 0xD7FF ? 0xE000 : code + 1);
      if (next <= text) return std::nullopt;  // it was no UTF-8
      return next;
    }
    kept = kept.substr(0, start);
  }
  return std::nullopt;
}

}  // namespace weir::slices
