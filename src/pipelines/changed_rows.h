#pragma once

#include <string>

#include "base/context.h"
#include "base/result.h"
#include "pipelines/merge_rows.h"

// What differs between a dataset's state and new rows. Both functions make the table `diff`: the
// new row as n_et, n_c0, ... with n_here (null: there is none), the old one as s_et, s_c0, ... with
// s_here. A pair that says the same is left out.

namespace weir::pipelines {

/// Takes new_rows as all there is: a row of the state that is not among them is gone. `diff` holds
/// what changed, which is small where little did, whatever the size of both.
///
/// The state of a history without it is found in two steps. Most keys have been appended once and
/// never touched, so the rows of all others are few; but a key that was appended twice looks like
/// two rows. Which of them is stale is asked only for keys that made it into `diff`.
Status DiffWithSnapshot(const Context& context, const MergeTask& task);

/// Takes the table `batch` (op, et, c0, ...; a key once) as changes: 0 to have the row, 1 not to.
Status DiffWithBatch(const Context& context, const MergeTask& task);

/// The query of the events that `diff` comes to, ordered by key and operation.
std::string EventsOfDiff(const MergeTask& task);

}  // namespace weir::pipelines
