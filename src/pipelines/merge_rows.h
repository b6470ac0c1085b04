#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "odf/source_steps.h"

namespace weir::pipelines {

/// What is merged, as views on a workbench whose data columns are called c0, c1, ... and whose
/// event time is et, so that no name of a user's meets one of ours:
///   new_rows   op, et, c0, ...      the input, in its order
///   old_rows   o, op, et, c0, ...   all events of the dataset; o is the offset
///   kept_rows  o, et, c0, ...       its state, where it is known
struct MergeTask {
  engine::Workbench& bench;
  std::size_t data_columns = 0;
  std::vector<std::string> keys = {};      ///< of the primary key, in its order
  std::vector<std::string> compared = {};  ///< that make a row a changed one
  bool has_event_time = false;             ///< new_rows have event times of their own
  bool has_history = false;                ///< there is old_rows
  bool may_have_retractions = false;       ///< in old_rows; else all are known to be appends
  bool has_state = false;                  ///< there is kept_rows
  bool expects_order = false;              ///< new_rows are taken to be in event-time order
  bool gives_places = false;  ///< Append and Ledger: a last column `place`, the row's number in the
                              ///< input, from 1
};

/// Makes the tables that a merge by `strategy` needs and returns the query that gives its rows:
/// op, et, c0, ... in the order of spec section 9. Ties of the order are in input order for Append,
/// Ledger and ChangelogStream, and by the remaining columns for Snapshot, where they are duplicates
/// of a key; UpsertStream has none.
Result<std::string> MergeRows(const Context& context, const MergeTask& task,
                              const odf::MergeStrategy& strategy);

}  // namespace weir::pipelines
