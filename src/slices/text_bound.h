#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::slices {

/// Longer texts are cut where they serve as bounds, so that an index stays small.
inline constexpr std::size_t kMostBoundBytes = 64;

/// A valid text of at most kMostBoundBytes that is not after `text` in byte order.
std::string LowerTextBound(std::string_view text);

/// One that is not before `text`, perhaps a byte longer; nullopt when there is none (all code
/// points are the last one, or it is no UTF-8).
std::optional<std::string> UpperTextBound(std::string_view text);

}  // namespace weir::slices
