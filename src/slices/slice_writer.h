#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"
#include "base/stream.h"
#include "engine/engine.h"
#include "odf/events.h"
#include "slices/slice_facts.h"
#include "slices/timestamps.h"

namespace weir::slices {

/// What the rows of a new slice do not say themselves.
struct SliceRequest {
  std::uint64_t start_offset = 0;  ///< of the first row
  Timestamp system_time = {};      ///< of the block; cut to milliseconds
  odf::SetVocab vocab = {};
  TimestampForm timestamps = TimestampForm::kMilliseconds;  ///< of data columns
  /// Columns that are declared without nulls, beside those that the rows' schema says so of; a null
  /// in one is refused. An engine that calls everything nullable needs this.
  std::vector<std::string> required = {};
};

/// A slice as it was written.
struct WrittenSlice {
  odf::DataSlice slice;
  std::shared_ptr<arrow::Schema> schema;  ///< of the file, system columns first
  SliceFacts facts;
};

/// Writes the rows of a merge as a slice: a Parquet file, streamed into `sink` and hashed on its
/// way, by rows and by bytes. nullopt when there are no rows; nothing was then written.
///
/// The rows carry `op` (INT32) and the event time (a date or timestamp) under the names of the
/// vocabulary; offset and system time are added, and those four come first (spec section 8.1).
/// Event times become milliseconds UTC. The logical hash is that of the rows as the reference
/// implementation reads them back.
///
/// Reading, hashing, encoding and writing run side by side, on this thread and three more, with
/// bounded queues between them: memory does not grow with the number of rows.
///
/// Errors: kInvalid names the column that has a type without a logical hash or none that Parquet
/// keeps, a null where none may be, or an unknown op; those of the rows, of the sink and of
/// `context` pass through. What `sink` took is then no slice.
Result<std::optional<WrittenSlice>> WriteSlice(const Context& context, engine::RowStream& rows,
                                               const SliceRequest& request, ByteSink& sink);

/// The columns of such a slice, also when there are no rows to write. kInvalid as WriteSlice.
Result<std::shared_ptr<arrow::Schema>> SchemaOfSlice(const arrow::Schema& rows,
                                                     const SliceRequest& request);

}  // namespace weir::slices
