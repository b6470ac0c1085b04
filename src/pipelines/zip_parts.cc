#include "pipelines/zip_parts.h"

#include <algorithm>

#include "pipelines/zip_directory.h"

namespace weir::pipelines {
namespace {

class ZipParts {
 public:
  ZipParts(const Context& context, const ScratchPlace& place,
           std::shared_ptr<const ReadableFile> archive, const DecompressLimits& limits,
           std::vector<ZipEntry> entries)
      : context_(context),
        place_(place),
        archive_(std::move(archive)),
        limits_(limits),
        entries_(std::move(entries)) {}

  Result<std::shared_ptr<const ReadableFile>> Read(const std::string& name) {
    const auto entry = std::ranges::find(entries_, name, &ZipEntry::name);
    if (entry == entries_.end()) return NotFound("the archive has no {}", name);
    RETURN_IF_ERROR(CheckFreeSpace(place_.files, place_.directory, place_.least_free_bytes));
    ASSIGN_OR_RETURN(ScratchFile part, MakeScratchFile(place_, [&](WritableFile& file) -> Status {
                       ASSIGN_OR_RETURN(
                           const Inflated done,
                           ExtractZipEntry(context_, *archive_, *entry, file, limits_));
                       limits_.max_bytes -= std::min(limits_.max_bytes, done.bytes);
                       return Ok();
                     }));
    return std::move(part.file);
  }

 private:
  const Context& context_;
  const ScratchPlace place_;
  const std::shared_ptr<const ReadableFile> archive_;
  DecompressLimits limits_;
  const std::vector<ZipEntry> entries_;
};

}  // namespace

Result<std::function<Result<std::shared_ptr<const ReadableFile>>(const std::string& name)>>
OpenZipParts(const Context& context, const ScratchPlace& place,
             std::shared_ptr<const ReadableFile> archive, const DecompressLimits& limits) {
  RETURN_IF_ERROR(place.files.CreateDirectories(place.directory));
  ASSIGN_OR_RETURN(auto entries, ReadZipDirectory(*archive, limits.max_entries));
  auto parts =
      std::make_shared<ZipParts>(context, place, std::move(archive), limits, std::move(entries));
  return [parts](const std::string& name) { return parts->Read(name); };
}

}  // namespace weir::pipelines
