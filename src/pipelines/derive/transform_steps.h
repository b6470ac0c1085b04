#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "engine/delta_plan.h"
#include "odf/events.h"

namespace weir::pipelines {

/// A transform as it runs here.
struct RunnableTransform {
  engine::TransformReads reads = engine::TransformReads::kStates;
  std::vector<engine::TransformStep> steps = {};
};

/// What its engine says that it reads; nullopt for one that does not run here.
std::optional<engine::TransformReads> ReadsOf(const odf::SetTransform& transform);

/// kUnimplemented for other engines than `duckdb` and `datafusion`, and for temporal tables.
Result<RunnableTransform> RunnableOf(const odf::SetTransform& transform);

}  // namespace weir::pipelines
