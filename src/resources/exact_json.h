#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

namespace weir::resources {

/// Reads JSON with every number exactly as it was written. Boost.JSON 1.81's own parser may miss
/// the last digit of a double with seventeen, and a manifest read back from the store would then
/// differ from the one applied. nullopt for anything that is no JSON.
std::optional<boost::json::value> ParseExactly(std::string_view text);

}  // namespace weir::resources
