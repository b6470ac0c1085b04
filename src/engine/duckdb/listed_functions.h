#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

// Lists of functions, sorted by name, and reasons for which more than one of them refuses some.

namespace weir::engine {

inline constexpr std::string_view kProcessor = "its last digits depend on the processor";
inline constexpr std::string_view kChanging = "its result is another one each time";

/// A function that a list refuses.
struct RefusedFunction {
  std::string_view name;
  std::string_view why;
};

/// The row of `rows`, sorted by their `name`, that is called so; null: there is none.
template <typename Row, std::size_t kCount>
const Row* FindListed(const std::array<Row, kCount>& rows, std::string_view name) {
  const auto found = std::ranges::lower_bound(rows, name, {}, &Row::name);
  return found != rows.end() && found->name == name ? &*found : nullptr;
}

/// Names are listed in small letters.
inline std::string ListedName(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

}  // namespace weir::engine
