#pragma once

#include <string>

#include "base/result.h"

namespace weir::engine {

/// Whether `pattern` is a regular expression of the engine's (RE2); kInvalid says what is wrong.
Status CheckPattern(const std::string& pattern);

}  // namespace weir::engine
