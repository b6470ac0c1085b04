#pragma once

#include <cstdint>

#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "pipelines/decompress.h"

namespace weir::pipelines {

/// A run of bytes in a file.
struct ByteRange {
  std::uint64_t start = 0;
  std::uint64_t size = 0;
};

/// What was written.
struct Inflated {
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
};

enum class Wrapping {
  kNone,  ///< bare deflate, as in zip
  kGzip,  ///< gzip members one after another
};

/// Decompresses a part of `input` into `output`. kInvalid when it is malformed, breaks off, or does
/// not fill the range; kExhausted at a limit.
Result<Inflated> Inflate(const Context& context, const ReadableFile& input, ByteRange range,
                         Wrapping wrapping, WritableFile& output, const DecompressLimits& limits);

/// Copies a part of `input` as it is.
Result<Inflated> CopyStored(const Context& context, const ReadableFile& input, ByteRange range,
                            WritableFile& output, const DecompressLimits& limits);

}  // namespace weir::pipelines
