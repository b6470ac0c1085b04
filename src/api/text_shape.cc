#include "api/text_shape.h"

#include <algorithm>
#include <array>

namespace weir::api {
namespace {

bool IsVisible(char c) { return c > ' ' && c < 0x7f; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// Between the quotes of an entity tag; bytes above ASCII stay out, as no tag of ours has them.
bool IsTagCharacter(char c) { return IsVisible(c) && c != '"'; }

bool MatchesVisible(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsVisible);
}

// Takes one entity tag off the front of `text`.
bool TakeEntityTag(std::string_view& text) {
  if (text.starts_with("W/")) text.remove_prefix(2);
  if (!text.starts_with('"')) return false;
  text.remove_prefix(1);
  const auto* end = std::find_if_not(text.begin(), text.end(), IsTagCharacter);
  text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  if (!text.starts_with('"')) return false;
  text.remove_prefix(1);
  return true;
}

bool MatchesEntityTags(std::string_view text) {
  if (text == "*") return true;
  for (;;) {
    if (!TakeEntityTag(text)) return false;
    if (text.empty()) return true;
    if (!text.starts_with(',')) return false;
    text.remove_prefix(1);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  }
}

bool MatchesEventId(std::string_view text) {
  const auto number = [](std::string_view digits) {
    return !digits.empty() && digits.size() <= 18 &&
           std::all_of(digits.begin(), digits.end(), IsDigit);
  };
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return number(text);
  return number(text.substr(0, dot)) && number(text.substr(dot + 1));
}

bool MatchesPrintable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace

const TextShape kVisible = {"^[!-~]+$", MatchesVisible};
const TextShape kEntityTags = {
    R"(^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$)",
    MatchesEntityTags,
};
const TextShape kEventId = {R"(^[0-9]{1,18}(\.[0-9]{1,18})?$)", MatchesEventId};
const TextShape kPrintable = {R"(^[^\x00-\x1f\x7f]*$)", MatchesPrintable};

const TextShape* ShapeOf(std::string_view pattern) {
  for (const TextShape* shape : {&kVisible, &kEntityTags, &kEventId, &kPrintable}) {
    if (shape->pattern == pattern) return shape;
  }
  return nullptr;
}

}  // namespace weir::api
