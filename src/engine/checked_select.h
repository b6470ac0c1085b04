#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::engine {

/// A user's SQL made fit to run on a workbench: exactly one SELECT, whose tables are among `tables`
/// (or its own CTEs) and whose table functions are harmless (range, generate_series, unnest and
/// the JSON ones). Returns it as the engine writes it, without comments and semicolon.
///
/// kInvalid for what does not parse; kNotFound for another table; kDenied for the rest.
Result<std::string> CheckSelect(std::string_view sql, std::span<const std::string> tables);

}  // namespace weir::engine
