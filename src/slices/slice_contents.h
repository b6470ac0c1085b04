#pragma once

#include <functional>
#include <memory>

#include "base/context.h"
#include "base/files.h"
#include "base/multihash.h"
#include "base/result.h"
#include "odf/events.h"
#include "slices/slice_facts.h"
#include "slices/slice_reader.h"

namespace weir::slices {

/// What a slice holds, known once all its rows have been read.
struct SliceContents {
  Multihash logical_hash;
  std::shared_ptr<arrow::Schema> schema;
  SliceFacts facts;
};

struct ContentsRequest {
  odf::SetVocab vocab = {};
  /// Called with each batch before it is hashed; an error ends the reading.
  std::function<Status(const arrow::RecordBatch&)> each = [](const arrow::RecordBatch&) {
    return Ok();
  };
  bool finds_facts = true;  ///< else they stay empty, and the reading is quicker
};

/// Reads what `reader` has left, all of it for the hash to mean something; hashing runs beside
/// reading. Errors are those of the reader, of `each`, and kInvalid for columns without a logical
/// hash.
Result<SliceContents> ReadContents(SliceReader& reader, const ContentsRequest& request);

}  // namespace weir::slices
