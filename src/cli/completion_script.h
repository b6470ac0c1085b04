#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::cli {

/// What bash, zsh or fish must read to complete weir's commands. It asks the program itself
/// (`weir __complete WORDS`), so it never falls behind it.
Result<std::string> CompletionScript(std::string_view shell);

}  // namespace weir::cli
