#pragma once

#include <string_view>

#include "base/error.h"

namespace weir::control {

/// The Error that a failed statement stands for: its SQLSTATE says which code; `text` is the
/// server's message, first line only (what follows may hold rows).
Error PostgresError(std::string_view sqlstate, std::string_view text, std::string_view attempt);

}  // namespace weir::control
