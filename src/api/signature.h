#pragma once

#include <string>
#include <string_view>

namespace weir::api {

/// HMAC-SHA-256 of `text`, as 64 hexadecimal digits.
std::string Sign(std::string_view key, std::string_view text);

/// Compares in a time that does not depend on where the two differ.
bool SameSignature(std::string_view a, std::string_view b);

}  // namespace weir::api
