#pragma once

#include <string_view>

#include "base/result.h"

namespace weir::objects {

/// Keys are names with slashes between them, "chunks/ab/abcd": up to 1,024 bytes, no name empty or
/// beginning with a dot (those are the stores' own temporaries, and "..") and no control character.
/// kInvalid says what is wrong.
Status CheckKey(std::string_view key);

/// The directory part of a prefix: "chunks/a" gives "chunks/", "ch" gives "".
std::string_view DirectoryOf(std::string_view prefix);

}  // namespace weir::objects
