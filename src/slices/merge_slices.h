#pragma once

#include <memory>
#include <span>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "base/stream.h"

namespace weir::slices {

/// Writes the rows of `files`, slices that follow each other, as one Parquet file into `sink`, as
/// they are: offsets, operations and times stay. What the new slice says of itself is found by
/// reading it (slice_contents.h).
///
/// kConflict when the files do not have the same columns; errors of reading them and of `sink` pass
/// through. What `sink` took is then no slice.
Status MergeSlices(const Context& context,
                   std::span<const std::shared_ptr<const ReadableFile>> files, ByteSink& sink);

}  // namespace weir::slices
