#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "base/stream.h"

namespace weir::pipelines {

/// What `source` has, as a file: its own where it has one, else a copy under `scratch` that is gone
/// when the last reader lets go of it. kExhausted when the disk would be left with less than
/// `least_free_bytes`, or is full.
Result<std::shared_ptr<const ReadableFile>> ReceiveFile(const Context& context, Files& files,
                                                        const std::filesystem::path& scratch,
                                                        std::uint64_t least_free_bytes,
                                                        ByteSource& source);

/// A file under the scratch directory, which is removed when `file` is let go of.
struct ScratchFile {
  std::filesystem::path path = {};
  std::shared_ptr<const ReadableFile> file = {};
};

/// Where such files are made.
struct ScratchPlace {
  Files& files;  ///< outlives them
  std::filesystem::path directory;
  std::uint64_t least_free_bytes = 0;
};

/// A file of what `fill` appends, in a directory that is there; what fails leaves none behind.
/// kExhausted when the disk would be left with less than its bytes.
Result<ScratchFile> MakeScratchFile(const ScratchPlace& place,
                                    const std::function<Status(WritableFile&)>& fill);

/// As ReceiveFile, always into a file of its own.
Result<ScratchFile> ReceiveScratchFile(const Context& context, Files& files,
                                       const std::filesystem::path& scratch,
                                       std::uint64_t least_free_bytes, ByteSource& source);

/// kExhausted when the disk that `directory` is on has less than `least_free_bytes` free.
Status CheckFreeSpace(const Files& files, const std::filesystem::path& directory,
                      std::uint64_t least_free_bytes);

}  // namespace weir::pipelines
