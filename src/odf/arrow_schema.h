#pragma once

#include <memory>

#include "base/bytes.h"
#include "base/result.h"
#include "odf/data_type.h"

namespace arrow {
class Schema;
}

namespace weir::odf {

/// The logical types of a file's columns: how a value is encoded (width of offsets, views, days or
/// milliseconds of a date) is left out, and what may be null becomes an Option. A timestamp without
/// a time zone gets the time zone "", for an absent one means UTC.
///
/// kInvalid, naming the column's path, for what the format has no word for (intervals, unions,
/// dictionaries, run ends) and for columns nested more than 16 deep.
Result<DataSchema> DataSchemaOf(const arrow::Schema& schema);

/// The Arrow types we write these logical types with: texts and binaries with 32 bit offsets, dates
/// as days, decimals of 128 bits as long as they suffice. Attributes are left out. kInvalid, naming
/// the column's path, for what Arrow cannot hold (a decimal of 77 digits).
Result<std::shared_ptr<arrow::Schema>> ArrowSchemaOf(const DataSchema& schema);

/// Reads the legacy form of SetDataSchema: the FlatBuffers root `Schema` of Arrow's IPC format,
/// without the message around it. kCorrupt for anything else; any bytes are safe.
Result<std::shared_ptr<arrow::Schema>> ReadRawArrowSchema(ByteView raw);

}  // namespace weir::odf
