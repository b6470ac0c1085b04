#pragma once

#include <memory>

#include "base/result.h"

namespace arrow {
class KeyValueMetadata;
class RecordBatch;
class Schema;
}  // namespace arrow
namespace parquet {
class ArrowWriterProperties;
class WriterProperties;
}  // namespace parquet

namespace weir::slices {

/// The schema that rows have when the reference implementation reads them. Parquet has no word for
/// some types (dates in milliseconds, whole seconds, narrow decimals); they are known from the
/// Arrow schema that writers embed in `metadata`, which Arrow for C++ does not fully follow. `read`
/// is what it makes of the file. An embedded schema that does not fit is ignored.
std::shared_ptr<arrow::Schema> ReferenceSchema(const std::shared_ptr<arrow::Schema>& read,
                                               const arrow::KeyValueMetadata* metadata);

/// `rows` with the types of `schema`, which is a ReferenceSchema of theirs.
Result<std::shared_ptr<arrow::RecordBatch>> WithStoredTypes(
    const std::shared_ptr<arrow::RecordBatch>& rows, const std::shared_ptr<arrow::Schema>& schema);

/// kInvalid, naming the column, when a file of `schema` written with these properties would be read
/// with other types as far as the logical hash sees them.
Status CheckKept(const arrow::Schema& schema, const parquet::WriterProperties& properties,
                 const parquet::ArrowWriterProperties& arrow_properties);

}  // namespace weir::slices
