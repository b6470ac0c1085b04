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

/// Called with each batch before it is hashed; an error ends the reading.
using EachBatch = std::function<Status(const arrow::RecordBatch&)>;

/// Reads what `reader` has left, all of it for the hash to mean something; hashing runs beside
/// reading. Errors are those of the reader, of `each`, and kInvalid for columns without a logical
/// hash.
Result<SliceContents> ReadContents(SliceReader& reader, const odf::SetVocab& vocab,
                                   const EachBatch& each);

}  // namespace weir::slices
