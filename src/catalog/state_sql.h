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
  bool only_appends = false;  ///< there is no event but appends
};

/// The columns of the state: the event time where the dataset has one of its own, and data.
std::vector<std::string> StateColumns(const StateTable& table);

/// The query of the current rows over `scan(0)`, the history.
std::string StateSql(const StateTable& table);

}  // namespace weir::catalog
