#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/delta_plan.h"
#include "engine/query_lineage.h"
#include "engine/scan_source.h"
#include "engine/workbench.h"

// Where the columns of a transform come from, as its bound plan tells: names, stars, views and
// joins have become columns of tables there, and nothing has been moved for speed yet. It errs to
// one side: a column that is not named has no part in the result.

namespace weir::engine {

/// What a query reads.
struct LineageInput {
  std::string name = {};
  std::vector<Column> columns = {};
};

/// The lineage of the last of `steps`, by the rules of what it `reads`; its sources name inputs.
/// Makes tables and views on `bench`, on which nothing else is.
///
/// kInvalid for what does not bind; kDenied and kNotFound as PlanDelta; kExhausted when there are
/// too many sources to be told.
Result<QueryLineage> LineageOfTransform(const Context& context, Workbench& bench,
                                        std::span<const TransformStep> steps,
                                        std::span<const LineageInput> inputs,
                                        TransformReads reads = TransformReads::kStates);

}  // namespace weir::engine
