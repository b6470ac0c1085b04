#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "engine/workbench.h"
#include "odf/source_steps.h"
#include "pipelines/read_sql.h"
#include "pipelines/row_place.h"

namespace weir::pipelines {

/// What has to be known of an input to find out which of its cells is bad.
struct CellSearch {
  odf::ReadStep read = {};
  std::vector<odf::DataField> declared = {};
  ReadInput input = {};
  std::string input_name = {};  ///< for messages
  RowPlace place = {};
};

/// Looks through the file again, after reading it has failed, for the first cell that is not of its
/// declared type, or would be rounded to be: kInvalid with file, line, column and value. nullopt:
/// none was found, so the failure is of another kind.
std::optional<Error> FindBadCell(const Context& context, engine::Workbench& bench,
                                 const CellSearch& search);

}  // namespace weir::pipelines
