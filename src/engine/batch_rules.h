#pragma once

#include <string_view>

namespace weir::engine {

/// What a function is to a transform by batches (engine/batch_plan.h): DataFusion and the engine
/// that there is must both have it, and give the same values.
struct BatchFunction {
  bool is_allowed = false;
  std::string_view runs_as = {};  ///< what runs in its place; empty: itself
  std::string_view gives = {};    ///< the type that its result is cast to; empty: its own
  bool is_arithmetic = false;     ///< a whole number beside it is a BIGINT
  std::string_view why = {};      ///< of one that is not allowed
};

/// Looks `name` (in any case) up; names that are not on the list are not allowed.
BatchFunction FindBatchFunction(std::string_view name);

}  // namespace weir::engine
