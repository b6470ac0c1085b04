#pragma once

#include <string>
#include <vector>

#include "odf/chain.h"

namespace weir::datasets {

/// What makes the current rows of a dataset out of its events.
struct StateRule {
  /// The last event of each key says whether there is a row and which. Empty: rows are a multiset,
  /// of which retractions take one each.
  std::vector<std::string> key = {};

  bool operator==(const StateRule&) const = default;
};

/// By key where every source in force merges by the same one (Snapshot, ChangelogStream,
/// UpsertStream); else a multiset, which their events are fit for too: derivatives, Append, Ledger,
/// chains without a source, sources that differ.
StateRule StateRuleOf(const odf::ChainState& chain);

/// Whether the event times of a dataset are data of its own, and not the times of its ingests: its
/// vocabulary names the column, or a source in force declares a column of that name or does not
/// declare its columns. Of a derivative the schema says it: see kEventTimeIsSystemTime.
bool HasOwnEventTime(const odf::ChainState& chain);

/// Extra attributes of the event time of a derivative whose query gives none: it is the block's
/// system time, and no data.
inline constexpr const char* kEventTimeIsSystemTime = R"({"weir.dev/eventTime":"systemTime"})";

}  // namespace weir::datasets
