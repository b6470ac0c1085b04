#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "pipelines/decompress.h"

namespace weir::pipelines {

/// Reads the files of a zip archive by their names, each inflated into a file of its own under
/// `scratch` that is gone with its last reader. All of them together are held to `limits`, and
/// checksums are compared. `context` and `files` outlive it.
///
/// kNotFound for a file that is not there; kInvalid for what is no archive, or damaged; kExhausted
/// at a limit, and when the disk is nearly full.
Result<std::function<Result<std::shared_ptr<const ReadableFile>>(const std::string& name)>>
OpenZipParts(const Context& context, Files& files, const std::filesystem::path& scratch,
             std::uint64_t least_free_bytes, std::shared_ptr<const ReadableFile> archive,
             const DecompressLimits& limits);

}  // namespace weir::pipelines
