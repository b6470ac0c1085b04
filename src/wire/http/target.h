#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace weir::http {

/// A request's target, taken apart.
struct Target {
  std::string path = {};  ///< still percent-encoded, and so checked
  std::vector<std::pair<std::string, std::string>> query = {};  ///< decoded, in order

  bool operator==(const Target&) const = default;
};

/// Takes "/path?a=1&b=%20" apart. kInvalid for a bad percent-encoding, for one that stands for a
/// control character, and for paths with "." or ".." segments, which no client sends by accident.
Result<Target> ParseTarget(std::string_view target);

/// The path of a target, unchecked: enough to find a route by.
std::string_view PathOf(std::string_view target);

}  // namespace weir::http
