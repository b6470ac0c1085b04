#pragma once

#include "base/context.h"
#include "base/error.h"
#include "pipelines/derive/step_rows.h"
#include "pipelines/derive/transform_at_work.h"

namespace weir::pipelines {

/// `error`, which came while the rows of a step were computed (a cast, an overflow), with the first
/// event of an input at which the query fails: up to the one before it gives rows. Found by halves,
/// within a limit of time; as it is where it is not found, for the query may not even bind. What
/// was on the bench is gone.
Error WithBadRow(const Context& context, const StepPlace& place, const TransformAtWork& work,
                 bool follows, Error error);

}  // namespace weir::pipelines
