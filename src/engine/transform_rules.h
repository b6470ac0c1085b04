#pragma once

#include <string>
#include <string_view>

namespace weir::engine {

/// What a function is to a transform, whose result must be the same for everybody: whatever the
/// number of threads, the order in which rows come, the processor, the time of day.
enum class TransformUse {
  kScalar,
  kAggregate,  ///< of any order of its rows; also over a window
  kWindow,     ///< of peers alike, as rank
  kRefused,
};

struct TransformFunction {
  TransformUse use = TransformUse::kRefused;
  /// What runs in its place: the exact forms of sums over floating point. Empty: itself.
  std::string_view runs_as = {};
  std::string_view why = {};  ///< of a refused one
};

/// Looks `name` (in any case) up in the list of what transforms may call. Names that are not on it
/// are refused.
TransformFunction FindTransformFunction(std::string_view name);

}  // namespace weir::engine
