#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::resources {

/// Which names a kind takes. The pattern is what people are told; `matches` decides, in linear
/// time.
struct NameRule {
  std::string_view pattern;
  std::size_t max_length;
  bool (*matches)(std::string_view name);

  bool Allows(std::string_view name) const;
  /// "at most 48 characters of [a-z0-9]([-a-z0-9]*[a-z0-9])?"
  std::string ToString() const;
};

bool IsHyphenatedName(std::string_view name);
bool IsPlainName(std::string_view name);

/// DataOS's rule for most kinds.
inline constexpr NameRule kHyphenatedName{"[a-z0-9]([-a-z0-9]*[a-z0-9])?", 48, &IsHyphenatedName};
/// DataOS's rule for depots and clusters.
inline constexpr NameRule kPlainName{"[a-z]([a-z0-9]*)", 48, &IsPlainName};

}  // namespace weir::resources
