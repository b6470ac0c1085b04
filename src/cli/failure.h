#pragma once

#include <string>

#include "base/error.h"
#include "cli/terminal.h"

namespace weir::cli {

/// What is printed of a failed command: code and sentence, the places on lines of their own, and
/// the hint.
std::string FailureText(const Error& error, const Terminal& terminal);

}  // namespace weir::cli
