#pragma once

#include <memory>

#include "base/files.h"
#include "base/result.h"

namespace weir {

/// A file that others may write, for a reader that wants it as it was when it was opened. Once the
/// size or the modification time at `path` is another, Read fails with kUnavailable, which names
/// the path; so what was read without an error is the file at one moment. `files` outlives it.
Result<std::shared_ptr<const ReadableFile>> OpenSteady(const Files& files, const Files::Path& path);

}  // namespace weir
