#pragma once

#include <memory>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "engine/scan_source.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::catalog {

/// The columns of a table that is made in memory: texts, whole numbers, booleans and times in UTC.
std::vector<engine::Column> ColumnsOf(const arrow::Schema& schema);

/// The rows as a file that a scan reads.
Result<std::shared_ptr<const ReadableFile>> FileOfRows(const arrow::RecordBatch& rows);

}  // namespace weir::catalog
