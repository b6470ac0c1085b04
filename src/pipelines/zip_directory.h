#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "pipelines/inflate.h"

namespace weir::pipelines {

enum class ZipMethod : std::uint16_t { kStored = 0, kDeflated = 8 };

/// A file in a zip archive, as the archive's directory has it.
struct ZipEntry {
  std::string name;
  ZipMethod method = ZipMethod::kStored;  ///< may be a method without a name here
  bool encrypted = false;
  std::uint32_t crc = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t size = 0;
  std::uint64_t header = 0;  ///< where its local header begins
};

/// Reads the directory at the end of an archive (PKWARE APPNOTE 6.3, Zip64 included; one disk).
/// Any bytes are safe. kInvalid when it is none, kExhausted when it lists more than `max_entries`.
Result<std::vector<ZipEntry>> ReadZipDirectory(const ReadableFile& file, std::size_t max_entries);

/// Writes what `entry` of `archive` holds into `output`. kUnimplemented when it is encrypted or
/// compressed by another method, kInvalid when it is not what the directory says, kExhausted at a
/// limit.
Result<Inflated> ExtractZipEntry(const Context& context, const ReadableFile& archive,
                                 const ZipEntry& entry, WritableFile& output,
                                 const DecompressLimits& limits);

}  // namespace weir::pipelines
