#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "pipelines/decompress.h"
#include "pipelines/scratch_file.h"

namespace weir::pipelines {

/// Reads the files of a zip archive by their names, each inflated into a scratch file of its own
/// that is gone with its last reader. All of them together are held to `limits`, and checksums are
/// compared. `context` outlives it.
///
/// kNotFound for a file that is not there; kInvalid for what is no archive, or damaged; kExhausted
/// at a limit, and when the disk is nearly full.
Result<std::function<Result<std::shared_ptr<const ReadableFile>>(const std::string& name)>>
OpenZipParts(const Context& context, const ScratchPlace& place,
             std::shared_ptr<const ReadableFile> archive, const DecompressLimits& limits);

}  // namespace weir::pipelines
