#pragma once

#include <cstdint>
#include <memory>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/history_cache.h"
#include "datasets/state_rule.h"
#include "engine/workbench.h"
#include "odf/system_names.h"
#include "pipelines/derive/changed_events.h"
#include "pipelines/revert/revert.h"

namespace weir::pipelines {

/// What is to be undone, and of which events.
struct UndoTask {
  const datasets::History& history;  ///< up to the head
  const odf::SystemNames& names;
  const datasets::StateRule& rule;
  bool has_own_event_time = false;
  std::uint64_t block = 0;
  Undo undo = Undo::kAllAfter;
};

/// The rows that come and go, as tables on `bench`. An event that is not there is no relation, so
/// the history has at least one slice.
///
/// kInvalid: a column of the key is not among those of the state. For Undo::kOnly kConflict when a
/// later event has a key of the block, or took a row that the block added; it names both.
Result<ChangedRows> UndoneRows(const Context& context, engine::Workbench& bench,
                               datasets::ChainStore& chains, const odf::DatasetId& id,
                               const UndoTask& task);

}  // namespace weir::pipelines
