#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"
#include "pipelines/derive/changed_events.h"
#include "pipelines/derive/derived_input.h"
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

/// A transform planned over its inputs, which are on a bench. One by batches has no plan: what it
/// makes of them is there (batch_step.h).
struct PlannedStep {
  std::vector<DerivedInput> inputs = {};
  std::shared_ptr<const engine::DeltaPlan> plan = {};
};

/// What is read of the inputs of `work`, which is kept by reference.
Result<std::vector<DerivedInput>> FindInputs(const Context& context, datasets::ChainStore& chains,
                                             datasets::StateStore& states,
                                             const TransformAtWork& work);

/// All that a plan depends on.
std::string NameOfPlan(const TransformAtWork& work, const std::vector<DerivedInput>& inputs);

/// Plans the transform over `inputs`, which it puts on a bench that is clear.
Result<engine::DeltaPlan> PlanOn(const Context& context, engine::Workbench& bench,
                                 const TransformAtWork& work,
                                 const std::vector<DerivedInput>& inputs);

/// The same, for a step of the bench that begins; `known`, if there is one, is a plan
/// of the same name, whose relations are on the bench.
Result<PlannedStep> PlanStep(const Context& context, engine::Workbench& bench,
                             const TransformAtWork& work, std::vector<DerivedInput> inputs,
                             std::shared_ptr<const engine::DeltaPlan> known);

/// The events of one step by batches: what the query gives for them. Of any other: what `work`'s
/// query gives at its inputs' new blocks, less what it gave at the old ones. `follows`: computed
/// from what changed in the inputs; else from all rows, and compared with those that the derivative
/// has at the head of `work.record`. The rows are made while they are read, on the bench.
Result<ChangedEvents> RowsOfStep(const Context& context, const StepPlace& place,
                                 const TransformAtWork& work, const PlannedStep& planned,
                                 bool follows, Timestamp system_time);

}  // namespace weir::pipelines
