#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "engine/engine.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::pipelines {

/// How the columns of merged rows are called and which of them hold no null.
struct MergedColumn {
  std::string name;
  bool nullable = true;
};

struct MergedRowsOptions {
  std::vector<MergedColumn> columns;  ///< op, event time, data
  std::string input_name;             ///< for messages
  /// The rows have one more column at their end, the event times before nulls were filled in. It is
  /// left out, and kConflict is the answer to the first one that is before its predecessor.
  bool checks_order = false;
  /// Turns an error of the rows into one for people.
  std::function<Error(const Error&)> explain;
};

/// The rows of a merge under their own names. kInvalid when a column that holds no null has one.
Result<std::unique_ptr<engine::RowStream>> MergedRows(std::unique_ptr<engine::RowStream> rows,
                                                      MergedRowsOptions options);

}  // namespace weir::pipelines
