#pragma once

#include <string>
#include <vector>

#include "catalog/state_rule.h"
#include "odf/data_type.h"
#include "odf/system_names.h"

namespace weir::catalog {

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

/// The query of the current rows over `scan(0)`, events that come to them.
std::string StateSql(const StateTable& table);

}  // namespace weir::catalog
