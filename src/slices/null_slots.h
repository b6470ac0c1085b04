#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/result.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::slices {

/// How many rows the reference implementation reads at once. Where a nullable field stands in a
/// nullable struct, its logical hash depends on it (spec section 8.2).
inline constexpr std::int64_t kHashedRows = 10'000;

/// Whether the logical hash looks at what lies under a null: there is a nullable field inside a
/// nullable struct.
bool HashesNullSlots(const arrow::Schema& schema);

/// `batch` as the reference implementation has it once it has read it from Parquet: what is null in
/// a struct is null in its fields too, and under a null lies what its reader leaves there. It puts
/// the values that are there at the front and moves them to their rows from behind, so slot i of a
/// column of fixed width (views of texts are such) keeps the i-th value that is there, or zero; a
/// text or list is empty. `cuts` are the rows at which a row group begins: it does so for each
/// group. kInternal when memory ran out.
Result<std::shared_ptr<arrow::RecordBatch>> WithReferenceNullSlots(
    const arrow::RecordBatch& batch, std::span<const std::int64_t> cuts = {});

}  // namespace weir::slices
