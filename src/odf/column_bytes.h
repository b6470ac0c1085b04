#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"

namespace arrow {
class Array;
class RecordBatch;
}  // namespace arrow

namespace weir::odf {

/// The bytes of one leaf column of a batch, as the logical hash takes them: borrowed from the batch
/// where they lie there as they are, else written into `made`.
struct ColumnBytes {
  ByteView borrowed = {};
  std::string made = {};
  ByteView View() const { return made.empty() ? borrowed : AsBytes(made); }
};

/// Appends to `columns` the leaf columns of `batch` in schema order (structs opened). The batch
/// must outlive them; its types are those HashLayoutOf accepts.
void AppendColumnBytes(const arrow::RecordBatch& batch, std::vector<ColumnBytes>& columns);

}  // namespace weir::odf
