#include "pipelines/zip_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/rng.h"
#include "pipelines/inflate.h"
#include "pipelines/scratch_file.h"
#include "pipelines/zip_directory.h"

namespace weir::pipelines {
namespace {

class ZipParts {
 public:
  ZipParts(const Context& context, Files& files, std::filesystem::path scratch,
           std::uint64_t least_free_bytes, std::shared_ptr<const ReadableFile> archive,
           const DecompressLimits& limits, std::vector<ZipEntry> entries)
      : context_(context),
        files_(files),
        scratch_(std::move(scratch)),
        least_free_bytes_(least_free_bytes),
        archive_(std::move(archive)),
        limits_(limits),
        entries_(std::move(entries)) {}

  Result<std::shared_ptr<const ReadableFile>> Read(const std::string& name) {
    const auto entry = std::ranges::find(entries_, name, &ZipEntry::name);
    if (entry == entries_.end()) return NotFound("the archive has no {}", name);
    if (entry->encrypted) return Unimplemented("{} in the archive is encrypted", name);
    if (entry->method != ZipMethod::kStored && entry->method != ZipMethod::kDeflated) {
      return Unimplemented("{} in the archive is compressed by method {}", name,
                           static_cast<int>(entry->method));
    }
    RETURN_IF_ERROR(CheckFreeSpace(files_, scratch_, least_free_bytes_));
    const auto path = scratch_ / fmt::format("part-{:016x}", SystemRng().Next());
    if (const Status written = Write(*entry, path); !written) {
      [[maybe_unused]] const Status removed = files_.Remove(path);
      return written.error();
    }
    return OpenAndForget(files_, path);
  }

 private:
  Status Write(const ZipEntry& entry, const std::filesystem::path& path) {
    ASSIGN_OR_RETURN(const ByteRange range, FindZipData(*archive_, entry));
    ASSIGN_OR_RETURN(const auto file, files_.Create(path, IfExists::kFail, 0600));
    ASSIGN_OR_RETURN(const Inflated done,
                     entry.method == ZipMethod::kStored
                         ? CopyStored(context_, *archive_, range, *file, limits_)
                         : Inflate(context_, *archive_, range, Wrapping::kNone, *file, limits_));
    limits_.max_bytes -= std::min(limits_.max_bytes, done.bytes);
    if (done.bytes == entry.size && done.crc == entry.crc) return file->Close();
    return Invalid("{} in the archive does not have the bytes that the archive says", entry.name);
  }

  const Context& context_;
  Files& files_;
  const std::filesystem::path scratch_;
  const std::uint64_t least_free_bytes_;
  const std::shared_ptr<const ReadableFile> archive_;
  DecompressLimits limits_;
  const std::vector<ZipEntry> entries_;
};

}  // namespace

Result<std::function<Result<std::shared_ptr<const ReadableFile>>(const std::string& name)>>
OpenZipParts(const Context& context, Files& files, const std::filesystem::path& scratch,
             std::uint64_t least_free_bytes, std::shared_ptr<const ReadableFile> archive,
             const DecompressLimits& limits) {
  RETURN_IF_ERROR(files.CreateDirectories(scratch));
  ASSIGN_OR_RETURN(auto entries, ReadZipDirectory(*archive, limits.max_entries));
  auto parts = std::make_shared<ZipParts>(context, files, scratch, least_free_bytes,
                                          std::move(archive), limits, std::move(entries));
  return [parts](const std::string& name) { return parts->Read(name); };
}

}  // namespace weir::pipelines
