#pragma once

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "datasets/chain_store.h"
#include "engine/query_lineage.h"
#include "engine/workbench.h"
#include "odf/chain.h"

namespace weir::pipelines {

/// Where the columns of a derivative come from, by the aliases of its inputs (`ALIAS$events` where
/// it reads those beside the state), as its query binds to the columns that it sees of them
/// (pipelines/derive/shown_columns.h). Clears
/// `bench`.
///
/// kInvalid when an input has no columns yet, or the query does not fit them any more; kNotFound
/// names an input that is not in this home; kUnimplemented for what does not run here.
Result<engine::QueryLineage> ColumnsOfDerivative(const Context& context,
                                                 datasets::ChainStore& chains,
                                                 control::Snapshot& snapshot,
                                                 engine::Workbench& bench,
                                                 const odf::ChainState& chain);

}  // namespace weir::pipelines
