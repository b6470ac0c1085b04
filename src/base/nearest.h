#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace weir {

/// The word of `known` that `word` was most likely meant to be: the fewest edits away (insertions,
/// deletions, substitutions, swaps of neighbours; case does not count), and at most a third of the
/// word's length. For "did you mean" in errors; callers pass only names the caller may see.
std::optional<std::string_view> Nearest(std::string_view word,
                                        const std::vector<std::string_view>& known);

}  // namespace weir
