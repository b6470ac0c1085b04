#pragma once

#include <memory>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "engine/engine.h"

namespace weir::pipelines {

/// The rows of an ORC file, in its order, a batch at a time. ORC counts nanoseconds: times become
/// microseconds. `may_cut_times`: what a time has beyond them is dropped; otherwise it is refused.
///
/// Errors, here or from the stream: kInvalid for what is damaged or no ORC, and for a time that
/// would be cut, with its column; kExhausted when a batch takes more memory than a file may.
Result<std::unique_ptr<engine::RowStream>> ReadOrc(const Context& context,
                                                   std::shared_ptr<const ReadableFile> file,
                                                   bool may_cut_times);

}  // namespace weir::pipelines
