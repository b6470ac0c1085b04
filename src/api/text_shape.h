#pragma once

#include <string_view>

namespace weir::api {

/// A form a text must have: the regular expression that the API document shows, and the function
/// that checks it here without a regular expression's cost. A test holds the two equal.
struct TextShape {
  std::string_view pattern;  ///< ECMA 262, anchored
  bool (*matches)(std::string_view text);
};

/// Visible ASCII without spaces, at least one: keys and cursors.
extern const TextShape kVisible;
/// `*`, or entity tags as RFC 9110 writes them, separated by commas.
extern const TextShape kEntityTags;
/// Digits, and for an event inside a revision a dot and more digits: 57 or 57.3.
extern const TextShape kEventId;
/// Anything with no control character in it.
extern const TextShape kPrintable;

/// The shape with that pattern; nullptr for a pattern that is none of ours.
const TextShape* ShapeOf(std::string_view pattern);

}  // namespace weir::api
