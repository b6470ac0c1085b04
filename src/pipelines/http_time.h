#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace weir::pipelines {

/// Times as HTTP writes them: `Sat, 21 Nov 2026 10:00:00 GMT`, whole seconds. nullopt for anything
/// else.
std::optional<Timestamp> ParseHttpTime(std::string_view text);
std::string FormatHttpTime(Timestamp time);

}  // namespace weir::pipelines
