#pragma once

#include <cstdint>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "pipelines/derive/changed_events.h"
#include "pipelines/derive/derived_input.h"
#include "pipelines/derive/transform_at_work.h"

// Steps of derivatives by batches (docs/decisions/batches.md): under the name of an input there are
// its events after the last step and up to this one, in their order and with the system columns,
// and the query is row-wise (engine/batch_plan.h).

namespace weir::pipelines {

/// Puts the batch of each input on a bench that is clear, and what the steps of `work` make of
/// them. `inputs` are those of FindEvents.
Status PutBatch(const Context& context, engine::Workbench& bench, const TransformAtWork& work,
                const std::vector<DerivedInput>& inputs);

/// Cuts the batch of an input that PutBatch put off before the event at `offset`.
Status CutBatch(const Context& context, engine::Workbench& bench, const InputAtStep& input,
                std::uint64_t offset);

/// The rows that the query gives for the batches on the bench, in its order: op as it says, or
/// appends.
///
/// kInvalid when it gives no event time, a column that the dataset keeps itself, or what the schema
/// of the chain does not allow.
Result<ChangedEvents> EventsOfBatch(const Context& context, engine::Workbench& bench,
                                    const DerivedForm& form);

}  // namespace weir::pipelines
