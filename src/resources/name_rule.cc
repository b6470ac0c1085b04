#include "resources/name_rule.h"

#include <fmt/format.h>

#include <algorithm>

namespace weir::resources {
namespace {

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsLowerOrDigit(char c) { return IsLower(c) || (c >= '0' && c <= '9'); }

}  // namespace

bool IsHyphenatedName(std::string_view name) {
  return !name.empty() && IsLowerOrDigit(name.front()) && IsLowerOrDigit(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return c == '-' || IsLowerOrDigit(c); });
}

bool IsPlainName(std::string_view name) {
  return !name.empty() && IsLower(name.front()) &&
         std::all_of(name.begin(), name.end(), IsLowerOrDigit);
}

bool NameRule::Allows(std::string_view name) const {
  return name.size() <= max_length && matches(name);
}

std::string NameRule::ToString() const {
  return fmt::format("at most {} characters of the form {}", max_length, pattern);
}

}  // namespace weir::resources
