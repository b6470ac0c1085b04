#pragma once

#include "base/result.h"
#include "pipelines/tables/avro_cursor.h"
#include "pipelines/tables/avro_type.h"

namespace arrow {
class ArrayBuilder;
}

namespace weir::pipelines {

/// Appends the value at `cursor` to `builder`, which was made for `type.arrow`. kInvalid, with the
/// column's path, when the bytes are none of `type`.
Status AppendAvroValue(const AvroType& type, AvroCursor& cursor, arrow::ArrayBuilder& builder);

}  // namespace weir::pipelines
