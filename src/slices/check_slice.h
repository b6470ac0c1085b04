#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "odf/events.h"
#include "slices/slice_facts.h"

namespace arrow {
class Schema;
}

namespace weir::slices {

/// A file and what its block says of it.
struct SliceToCheck {
  std::shared_ptr<const ReadableFile> file;
  odf::DataSlice slice;
  odf::SetVocab vocab = {};
  bool is_hashed = false;   ///< its bytes have the physical hash: only its rows are checked
  bool finds_facts = true;  ///< for the report; without them the check is quicker
  /// Asked when its rows are not those of the block: the facts that were noted when it was written,
  /// where there are some. A column that contradicts them is named.
  std::function<std::optional<SliceFacts>()> known = {};
};

/// What a good slice turned out to hold.
struct SliceReport {
  std::shared_ptr<arrow::Schema> schema;
  SliceFacts facts;
};

/// Checks a slice against its block: size, physical hash, rows and their offsets, operations, and
/// the logical hash. kCorrupt names the first of these that is wrong and where (bytes, row, offset,
/// column); the file's own errors pass through. A file from anywhere is safe to check.
///
/// Which column is wrong can be told of one that does not decode, also where the physical hash is
/// wrong already. The logical hash is one over all columns, and a chain keeps none of each: of rows
/// that decode and have another hash, the first column is named whose bounds or nulls are not those
/// that `known` has, and where there is none the message says that it cannot be told.
///
/// Bytes are hashed while rows are decoded and hashed, on two more threads.
Result<SliceReport> CheckSlice(const Context& context, const SliceToCheck& check);

/// The same for several slices, whose bytes are hashed side by side (see physical_hash.h); eight at
/// once are as good as many.
std::vector<Result<SliceReport>> CheckSlices(const Context& context,
                                             std::span<const SliceToCheck> checks);

}  // namespace weir::slices
