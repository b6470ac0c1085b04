#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace weir::server {

/// "true" or "false".
Result<bool> ParseSwitch(std::string_view text);

/// A whole number between the bounds.
Result<std::int64_t> ParseNumber(std::string_view text, std::int64_t least, std::int64_t most);

/// "64MiB", "10kB", "512": bytes, with the units kB, MB, GB (powers of 1000) and KiB, MiB, GiB.
Result<std::int64_t> ParseSize(std::string_view text);

/// "250ms", "30s", "5m", "2h".
Result<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace weir::server
