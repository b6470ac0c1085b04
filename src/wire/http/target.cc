#include "wire/http/target.h"

#include <optional>

namespace weir::http {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { kIsPlus, kIsBlank };

// nullopt for an encoding that is none, or that hides a control character.
std::optional<std::string> Decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i] == '+' && plus == Plus::kIsBlank ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return decoded;
}

bool HoldsControls(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

bool HasDotSegment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const std::string_view segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

Status CheckPath(std::string_view path) {
  const std::optional<std::string> decoded = Decode(path, Plus::kIsPlus);
  if (!decoded) return Invalid("the path holds a percent sign that encodes nothing");
  if (HoldsControls(*decoded)) return Invalid("the path holds an encoded control character");
  if (HasDotSegment(*decoded)) return Invalid("the path holds the segment \".\" or \"..\"");
  return Ok();
}

Status ParseQuery(std::string_view text, Target& target) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    auto name = Decode(pair.substr(0, equals), Plus::kIsBlank);
    auto value =
        Decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), Plus::kIsBlank);
    if (!name || !value) return Invalid("the query holds a percent sign that encodes nothing");
    target.query.emplace_back(std::move(*name), std::move(*value));
  }
  return Ok();
}

}  // namespace

std::string_view PathOf(std::string_view target) { return target.substr(0, target.find('?')); }

Result<Target> ParseTarget(std::string_view text) {
  const std::string_view path = PathOf(text);
  RETURN_IF_ERROR(CheckPath(path));
  Target target{.path = std::string(path)};
  if (path.size() < text.size()) {
    RETURN_IF_ERROR(ParseQuery(text.substr(path.size() + 1), target));
  }
  return target;
}

}  // namespace weir::http
