#include "pipelines/zip_directory.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace weir::pipelines {
namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::uint32_t kEntrySignature = 0x02014b50;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kLocatorBytes = 20;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;
constexpr std::uint64_t kMaxDirectoryBytes = 256 << 20;

Error Malformed() { return Invalid("the file is no zip archive, or a damaged one"); }

// Little-endian numbers at places in a text that has been checked to hold them.
template <typename Number>
Number At(std::string_view bytes, std::size_t place) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[place + i]))
                                  << (8 * i));
  }
  return number;
}

Result<std::string> ReadAt(const ReadableFile& file, std::uint64_t offset, std::uint64_t size) {
  if (offset > file.size() || size > file.size() - offset || size > kMaxDirectoryBytes) {
    return Malformed();
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  ASSIGN_OR_RETURN(const std::size_t count,
                   file.Read(offset, std::as_writable_bytes(std::span(bytes))));
  if (count != bytes.size()) return Malformed();
  return bytes;
}

struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t size = 0;
  std::uint64_t start = 0;
};

// The end record stands before a comment of up to 64 KiB.
Result<Directory> FindDirectory(const ReadableFile& file) {
  const std::uint64_t tail = std::min<std::uint64_t>(file.size(), kEndBytes + 0xffff);
  ASSIGN_OR_RETURN(const std::string bytes, ReadAt(file, file.size() - tail, tail));
  if (bytes.size() < kEndBytes) return Malformed();
  std::size_t place = bytes.size() - kEndBytes;
  while (At<std::uint32_t>(bytes, place) != kEndSignature) {
    if (place-- == 0) return Malformed();
  }
  Directory found{.entries = At<std::uint16_t>(bytes, place + 10),
                  .size = At<std::uint32_t>(bytes, place + 12),
                  .start = At<std::uint32_t>(bytes, place + 16)};
  const std::uint64_t end = file.size() - tail + place;
  if (end < kLocatorBytes) return found;
  ASSIGN_OR_RETURN(const std::string locator, ReadAt(file, end - kLocatorBytes, kLocatorBytes));
  if (At<std::uint32_t>(locator, 0) != kLocator64Signature) return found;
  ASSIGN_OR_RETURN(const std::string end64, ReadAt(file, At<std::uint64_t>(locator, 8), 56));
  if (At<std::uint32_t>(end64, 0) != kEnd64Signature) return Malformed();
  return Directory{.entries = At<std::uint64_t>(end64, 32),
                   .size = At<std::uint64_t>(end64, 40),
                   .start = At<std::uint64_t>(end64, 48)};
}

// Zip64 keeps what did not fit in 32 bits in an extra field, in a fixed order.
Status ReadLargeSizes(std::string_view extra, ZipEntry& entry) {
  while (extra.size() >= 4) {
    const std::uint16_t id = At<std::uint16_t>(extra, 0);
    const std::uint16_t size = At<std::uint16_t>(extra, 2);
    if (size > extra.size() - 4) return Malformed();
    std::string_view field = extra.substr(4, size);
    extra.remove_prefix(4U + size);
    if (id != 1) continue;
    for (std::uint64_t* number : {&entry.size, &entry.compressed_size, &entry.header}) {
      if (*number != 0xffffffff) continue;
      if (field.size() < 8) return Malformed();
      *number = At<std::uint64_t>(field, 0);
      field.remove_prefix(8);
    }
  }
  return Ok();
}

Result<ZipEntry> TakeEntry(std::string_view& directory) {
  if (directory.size() < kEntryBytes || At<std::uint32_t>(directory, 0) != kEntrySignature) {
    return Malformed();
  }
  const std::size_t name = At<std::uint16_t>(directory, 28);
  const std::size_t extra = At<std::uint16_t>(directory, 30);
  const std::size_t comment = At<std::uint16_t>(directory, 32);
  if (directory.size() < kEntryBytes + name + extra + comment) return Malformed();
  ZipEntry entry{.name = std::string(directory.substr(kEntryBytes, name)),
                 .method = static_cast<ZipMethod>(At<std::uint16_t>(directory, 10)),
                 .encrypted = (At<std::uint16_t>(directory, 8) & 1) != 0,
                 .crc = At<std::uint32_t>(directory, 16),
                 .compressed_size = At<std::uint32_t>(directory, 20),
                 .size = At<std::uint32_t>(directory, 24),
                 .header = At<std::uint32_t>(directory, 42)};
  RETURN_IF_ERROR(ReadLargeSizes(directory.substr(kEntryBytes + name, extra), entry));
  directory.remove_prefix(kEntryBytes + name + extra + comment);
  return entry;
}

// Where the bytes of `entry` lie, behind its local header.
Result<ByteRange> FindData(const ReadableFile& file, const ZipEntry& entry) {
  ASSIGN_OR_RETURN(const std::string local, ReadAt(file, entry.header, kLocalBytes));
  if (At<std::uint32_t>(local, 0) != kLocalSignature) return Malformed();
  const std::uint64_t start =
      entry.header + kLocalBytes + At<std::uint16_t>(local, 26) + At<std::uint16_t>(local, 28);
  if (start > file.size() || entry.compressed_size > file.size() - start) return Malformed();
  return ByteRange{.start = start, .size = entry.compressed_size};
}

}  // namespace

Result<std::vector<ZipEntry>> ReadZipDirectory(const ReadableFile& file, std::size_t max_entries) {
  ASSIGN_OR_RETURN(const Directory directory, FindDirectory(file));
  if (directory.entries > max_entries) {
    return Exhausted("the archive lists {} files, at most {} are looked through", directory.entries,
                     max_entries);
  }
  ASSIGN_OR_RETURN(const std::string bytes, ReadAt(file, directory.start, directory.size));
  std::vector<ZipEntry> entries;
  std::string_view left = bytes;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    ASSIGN_OR_RETURN(ZipEntry entry, TakeEntry(left));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<Inflated> ExtractZipEntry(const Context& context, const ReadableFile& archive,
                                 const ZipEntry& entry, WritableFile& output,
                                 const DecompressLimits& limits) {
  if (entry.encrypted) return Unimplemented("{} in the archive is encrypted", entry.name);
  if (entry.method != ZipMethod::kStored && entry.method != ZipMethod::kDeflated) {
    return Unimplemented("{} in the archive is compressed by method {}", entry.name,
                         static_cast<int>(entry.method));
  }
  ASSIGN_OR_RETURN(const ByteRange range, FindData(archive, entry));
  ASSIGN_OR_RETURN(const Inflated done,
                   entry.method == ZipMethod::kStored
                       ? CopyStored(context, archive, range, output, limits)
                       : Inflate(context, archive, range, Wrapping::kNone, output, limits));
  if (done.bytes == entry.size && done.crc == entry.crc) return done;
  return Invalid("{} in the archive does not have the bytes that the archive says", entry.name);
}

}  // namespace weir::pipelines
