#pragma once

#include <span>
#include <string>

#include "base/context.h"
#include "base/result.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"

// A transform that looks at each row by itself: what `engine: datafusion` is here
// (docs/decisions/batches.md). It runs on the engine that there is, so it may only say what gives
// the same values on both; rows keep the order of what they come from, and those of a UNION ALL
// come after each other.

namespace weir::engine {

/// What the relation of such a transform's result is called.
inline constexpr const char* kBatchResult = "result of the batch";

/// Makes a view of every step of a transform over the relations `inputs`, which are on `bench`
/// under these names, and last that of the result, kBatchResult.
///
/// kInvalid for what does not parse or bind; kDenied for what looks at more than one row, or may
/// have another value elsewhere, with the reason; kNotFound for a table it may not read.
Status PlanBatch(const Context& context, Workbench& bench, std::span<const TransformStep> steps,
                 std::span<const std::string> inputs);

/// Whether that can be such a transform over inputs of these names, as far as can be told without
/// their columns. Errors as PlanBatch's.
Status CheckBatch(std::span<const TransformStep> steps, std::span<const std::string> inputs);

}  // namespace weir::engine
