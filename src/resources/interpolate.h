#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "resources/problem.h"

namespace weir::resources {

/// Gives the value of a variable of the caller's environment; nullopt when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// Fills `$NAME` and `${NAME}` in a manifest's text from the caller's environment; `$$` is a dollar
/// sign. Run by the CLI; a server never fills in anything.
///
/// A value stays one value, whatever it holds: where it would read as something else (a colon, a
/// leading bracket, a line break) it is quoted, or escaped inside the quotes it stands in; where
/// neither can be done, that is a problem. Names are letters, digits and `_`; a dollar sign before
/// anything else, and everything in comments, stays as it is. A variable that is not set is a
/// problem with its place. nullopt once there is a problem.
std::optional<std::string> Interpolate(std::string_view source, std::string_view text,
                                       const Environment& environment, Problems& problems);

}  // namespace weir::resources
