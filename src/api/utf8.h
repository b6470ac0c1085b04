#pragma once

#include <string>
#include <string_view>

namespace weir::api {

/// Whether `text` is well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
bool IsUtf8(std::string_view text);

/// `text` with U+FFFD in place of every byte that keeps it from being UTF-8.
std::string OnlyUtf8(std::string_view text);

}  // namespace weir::api
