#pragma once

#include <string_view>

namespace weir::net {

/// The words after the number in a status line; empty for a status without any in RFC 9110.
std::string_view ReasonOf(int status);

/// Whether a response of that status never has a body.
constexpr bool IsBodyless(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace weir::net
