#pragma once

#include <vector>

#include "base/result.h"
#include "engine/delta_plan.h"
#include "odf/events.h"

namespace weir::pipelines {

/// The steps of a transform that runs here; kUnimplemented for other engines than `duckdb`, and for
/// temporal tables.
Result<std::vector<engine::TransformStep>> StepsOf(const odf::SetTransform& transform);

}  // namespace weir::pipelines
