#pragma once

#include <string_view>

namespace weir::resources {

/// Whether `text` is well-formed UTF-8 (no overlong forms, no surrogates) without NUL bytes.
bool IsUtf8(std::string_view text);

}  // namespace weir::resources
