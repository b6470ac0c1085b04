#pragma once

#include <string>
#include <vector>

#include "datasets/state_rule.h"
#include "odf/data_type.h"
#include "odf/system_names.h"

namespace weir::datasets {

/// A dataset's history, and what of it its state shows.
struct StateTable {
  const odf::DataSchema& schema;
  const odf::SystemNames& names;
  const StateRule& rule;
  bool has_own_event_time = true;
  bool is_state = false;  ///< every event is a row: none took another away
};

/// The columns of the state: the event time where the dataset has one of its own, and data.
std::vector<std::string> StateColumns(const StateTable& table);

/// The query of the current rows over `events`, which come to them.
std::string StateSql(const StateTable& table, const std::string& events = "scan(0)");

}  // namespace weir::datasets
