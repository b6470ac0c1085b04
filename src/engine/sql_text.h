#pragma once

#include <string>
#include <string_view>

namespace weir::engine {

/// `name` as a quoted identifier of the engine's SQL.
std::string Identifier(std::string_view name);

/// `text` as a string literal of the engine's SQL.
std::string Literal(std::string_view text);

}  // namespace weir::engine
