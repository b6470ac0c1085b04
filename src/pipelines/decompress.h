#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"

namespace weir::pipelines {

/// Bounds on what a compressed file may turn into: a few bytes can say that they are terabytes.
struct DecompressLimits {
  std::uint64_t max_bytes = 1ULL << 40;
  std::uint64_t max_ratio = 2000;     ///< output to input, once the output is over 64 MiB
  std::size_t max_entries = 100'000;  ///< of a zip archive
};

/// Writes what the gzip file `input` holds (all of its members) to the new file `output`. kInvalid
/// for anything but whole gzip; kExhausted at a limit.
Status DecompressGzip(const Context& context, const ReadableFile& input,
                      const std::filesystem::path& output, const DecompressLimits& limits = {});

/// Writes one file of the zip archive `input` to the new file `output`: the one called `sub_path`
/// (which may hold * and ?), or without it the only one there is. Stored and deflated entries, also
/// of archives and files over 4 GiB; checksums are compared. kNotFound names what the archive holds
/// instead; kInvalid when it does not hold what it says; kUnimplemented for encrypted entries and
/// other methods; kExhausted at a limit.
Status DecompressZip(const Context& context, const ReadableFile& input,
                     const std::optional<std::string>& sub_path,
                     const std::filesystem::path& output, const DecompressLimits& limits = {});

}  // namespace weir::pipelines
