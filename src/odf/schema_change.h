#pragma once

#include "base/result.h"
#include "odf/data_type.h"

namespace weir::odf {

/// Whether a chain whose data has schema `before` may go on with `after` (spec section 7, rule 8):
/// new optional columns, another order and other attributes are allowed, also inside structs and
/// lists; a removed column, a changed type, and becoming optional or required are not. kInvalid
/// names the column. `from_raw_schema`: the old schema was a raw Arrow one, for which optionality
/// is not compared.
Status CheckSchemaChange(const DataSchema& before, const DataSchema& after,
                         bool from_raw_schema = false);

}  // namespace weir::odf
