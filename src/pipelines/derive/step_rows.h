#pragma once

#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"
#include "pipelines/derive/changed_events.h"
#include "pipelines/derive/step_states.h"
#include "pipelines/derive/transform_at_work.h"

namespace weir::pipelines {

/// Where and with what the rows of a step are computed.
struct StepPlace {
  datasets::ChainStore& chains;
  datasets::StateStore& states;
  engine::Workbench& bench;
  StepStates* kept = nullptr;  ///< what is kept of groups; null: all rows are read again
};

/// Clears the bench, puts the inputs of `work` on it and plans the transform over them; with what
/// changed in them when the step is to follow it.
Result<engine::DeltaPlan> PlanStep(const Context& context, const StepPlace& place,
                                   const TransformAtWork& work, bool with_changes,
                                   std::vector<engine::DeltaInput>& inputs);

/// The events of one step: what `work`'s query gives at its inputs' new blocks, less what it gave
/// at the old ones. `follows`: computed from what changed in the inputs; else from all rows, and
/// compared with those that the derivative has at the head of `work.record`. The rows are made
/// while they are read, on the bench.
Result<ChangedEvents> RowsOfStep(const Context& context, const StepPlace& place,
                                 const TransformAtWork& work, bool follows, Timestamp system_time);

}  // namespace weir::pipelines
