#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/scan_source.h"
#include "odf/data_type.h"
#include "odf/events.h"
#include "pipelines/merge_input.h"

namespace weir::pipelines {

/// A column of the rows to be merged: what it is called, what it holds, and the SQL that makes it
/// of a column that was read.
struct InputColumn {
  std::string name;
  odf::DataType type = {};  ///< without Option
  bool nullable = true;
  std::string sql = {};
};

/// The columns of an input, as its merge wants them.
struct InputColumns {
  InputColumn event_time;         ///< of its own, or NULLs of the type they will be filled in as
  bool has_event_time = false;    ///< it was read, not made up
  std::optional<std::string> op;  ///< the SQL of the operation type, where the rows have one
  std::vector<InputColumn> data;
};

/// Sorts out the columns `read` of an input by the rules of spec section 9: no offset and no system
/// time; an operation type only where the merge strategy takes one; an event time that is a date or
/// a timestamp; types that the format can hash; and what the chain's schema declares. Errors name
/// the column. `declared` are the columns of the read step, where rows come as they were read.
Result<InputColumns> SortOutColumns(const std::vector<engine::Column>& read,
                                    const std::optional<std::vector<odf::DataField>>& declared,
                                    const IngestRequest& request);

}  // namespace weir::pipelines
