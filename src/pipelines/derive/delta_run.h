#pragma once

#include "base/context.h"
#include "base/result.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"
#include "pipelines/derive/derived_input.h"
#include "pipelines/derive/step_states.h"

namespace weir::pipelines {

/// Which versions of the result of a plan may have rows.
struct ResultChange {
  bool has_added = false;
  bool has_removed = false;
};

/// Makes the versions `old`, `added`, `removed` and `changed` of the steps of `plan` on `bench`,
/// where those of `inputs`, all that are read, are. Of the last step, which is the result, only
/// `added` and `removed` are made, and a row may be in both. A step none of whose inputs changed
/// costs nothing. `states`: what is kept of groups; null: they are read again.
Result<ResultChange> RunDelta(const Context& context, engine::Workbench& bench,
                              const engine::DeltaPlan& plan, const std::vector<InputChange>& inputs,
                              StepStates* states);

/// Whether a table or view has any row.
Result<bool> HasRows(const Context& context, engine::Workbench& bench, const std::string& name);

}  // namespace weir::pipelines
