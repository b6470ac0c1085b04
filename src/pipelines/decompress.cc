#include "pipelines/decompress.h"

#include <fnmatch.h>

#include "pipelines/inflate.h"
#include "pipelines/zip_directory.h"

namespace weir::pipelines {
namespace {

// Makes `output` by `fill`; what fails leaves no file behind.
template <typename Fill>
Status MakeFile(const std::filesystem::path& output, Fill fill) {
  Files& files = PosixFiles();
  ASSIGN_OR_RETURN(const auto file, files.Create(output, IfExists::kFail, 0600));
  Status filled = fill(*file);
  if (filled) filled = file->Close();
  if (!filled) RETURN_IF_ERROR(files.Remove(output));
  return filled;
}

Result<ZipEntry> Choose(const std::vector<ZipEntry>& entries,
                        const std::optional<std::string>& sub_path) {
  std::vector<const ZipEntry*> found;
  for (const ZipEntry& entry : entries) {
    if (entry.name.ends_with('/')) continue;
    if (!sub_path || fnmatch(sub_path->c_str(), entry.name.c_str(), 0) == 0) {
      found.push_back(&entry);
    }
  }
  if (found.size() == 1) return *found.front();
  const std::string wanted = sub_path ? "subPath " + *sub_path : "an archive without subPath";
  if (found.empty()) {
    return NotFound("{}: no such file in the archive, whose first is {}", wanted,
                    entries.empty() ? "none" : entries.front().name);
  }
  return Invalid("{}: {} files fit, {} and {} among them", wanted, found.size(), found[0]->name,
                 found[1]->name)
      .WithHint("name one file in subPath");
}

}  // namespace

Status DecompressGzip(const Context& context, const ReadableFile& input,
                      const std::filesystem::path& output, const DecompressLimits& limits) {
  return MakeFile(output, [&](WritableFile& file) -> Status {
    ASSIGN_OR_RETURN(
        const Inflated done,
        Inflate(context, input, {.start = 0, .size = input.size()}, Wrapping::kGzip, file, limits));
    static_cast<void>(done);  // gzip's own checksum has been compared
    return Ok();
  });
}

Status DecompressZip(const Context& context, const ReadableFile& input,
                     const std::optional<std::string>& sub_path,
                     const std::filesystem::path& output, const DecompressLimits& limits) {
  ASSIGN_OR_RETURN(const auto entries, ReadZipDirectory(input, limits.max_entries));
  ASSIGN_OR_RETURN(const ZipEntry entry, Choose(entries, sub_path));
  return MakeFile(output, [&](WritableFile& file) -> Status {
    const auto done = ExtractZipEntry(context, input, entry, file, limits);
    return done ? Ok() : Status(done.error());
  });
}

}  // namespace weir::pipelines
