#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// What was changed in a text of lines: `- ` and each line that went, then `+ ` and each that came,
/// without those at the beginning and at the end that are the same in both.
std::vector<std::string> ChangedLines(std::string_view before, std::string_view after);

}  // namespace weir::cli
