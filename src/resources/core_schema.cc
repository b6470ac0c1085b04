#include "resources/core_schema.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace weir::resources {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOctal(char c) { return c >= '0' && c <= '7'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool AllOf(std::string_view text, bool (*test)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), test);
}

std::string_view WithoutSign(std::string_view text) {
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) text.remove_prefix(1);
  return text;
}

std::size_t Digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), IsDigit) -
                                  text.begin());
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool IsFloat(std::string_view text) {
  text = WithoutSign(text);
  const std::size_t whole = Digits(text);
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (!text.empty() && text[0] == '.') {
    text.remove_prefix(1);
    fraction = Digits(text);
    text.remove_prefix(fraction);
  }
  if (whole + fraction == 0) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  return AllOf(WithoutSign(text.substr(1)), IsDigit);
}

bool IsInteger(std::string_view text) {
  if (text.starts_with("0o")) return AllOf(text.substr(2), IsOctal);
  if (text.starts_with("0x")) return AllOf(text.substr(2), IsHex);
  return AllOf(WithoutSign(text), IsDigit);
}

bool IsOneOf(std::string_view text, std::string_view a, std::string_view b, std::string_view c) {
  return text == a || text == b || text == c;
}

// Whether a number can be kept as one. 993e99999999 cannot, nor can an octal number of more than 64
// bits: they are names and hashes that only look like numbers.
bool IsKept(std::string_view text) {
  if (text.starts_with("0o")) {
    std::uint64_t number = 0;
    return std::from_chars(text.data() + 2, text.data() + text.size(), number, 8).ec == std::errc();
  }
  return std::isfinite(std::strtod(std::string(text).c_str(), nullptr));
}

}  // namespace

YamlNode::Type TypeOfPlain(std::string_view text) {
  if (text.empty() || text == "~" || IsOneOf(text, "null", "Null", "NULL")) {
    return YamlNode::Type::kNull;
  }
  if (IsOneOf(text, "true", "True", "TRUE") || IsOneOf(text, "false", "False", "FALSE")) {
    return YamlNode::Type::kBool;
  }
  if (IsInteger(text) && IsKept(text)) return YamlNode::Type::kInteger;
  if (IsFloat(text) && IsKept(text)) return YamlNode::Type::kFloat;
  return YamlNode::Type::kText;
}

}  // namespace weir::resources
