#pragma once

#include <vector>

#include "base/result.h"
#include "engine/scan_source.h"
#include "odf/data_type.h"
#include "pipelines/input_columns.h"

namespace weir::pipelines {

/// The columns of the rows that a step of a derivative gives, as its dataset has them.
struct StepColumns {
  InputColumns columns = {};
  /// Those that the dataset has not yet: optional, as older rows have no values for them.
  std::vector<odf::DataField> grown = {};
};

/// As SortOutColumns. `may_grow`: columns that the dataset has not may come, for the transform says
/// them for the first time; such that it has never go.
Result<StepColumns> ColumnsOfStep(const std::vector<engine::Column>& read, IngestRequest request,
                                  bool may_grow);

}  // namespace weir::pipelines
