#pragma once

#include "base/context.h"
#include "base/result.h"
#include "engine/delta_plan.h"
#include "engine/workbench.h"

namespace weir::pipelines {

/// Makes the versions `old`, `added`, `removed` and `changed` of every step of `plan` on `bench`,
/// where those of the inputs are; the last step's are what changes in the result. A step none of
/// whose inputs changed costs nothing.
Status RunDelta(const Context& context, engine::Workbench& bench, const engine::DeltaPlan& plan,
                const std::vector<engine::DeltaInput>& inputs);

/// Whether a table or view has any row.
Result<bool> HasRows(const Context& context, engine::Workbench& bench, const std::string& name);

}  // namespace weir::pipelines
