#include "pipelines/scratch_file.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/rng.h"

namespace weir::pipelines {
namespace {

constexpr std::size_t kPiece = 256 << 10;
constexpr std::uint64_t kBetweenLooks = 64 << 20;  // bytes received between looks at the disk

class ForgottenFile final : public ReadableFile {
 public:
  ForgottenFile(Files& files, std::filesystem::path path, std::unique_ptr<ReadableFile> file)
      : files_(files), path_(std::move(path)), file_(std::move(file)) {}
  ~ForgottenFile() override {
    file_.reset();
    // What stays is removed when the home is opened again.
    [[maybe_unused]] const Status removed = files_.Remove(path_);
  }

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    return file_->Read(offset, buffer);
  }
  std::uint64_t size() const override { return file_->size(); }

 private:
  Files& files_;
  const std::filesystem::path path_;
  std::unique_ptr<ReadableFile> file_;
};

Status Copy(const Context& context, const Files& files, const std::filesystem::path& scratch,
            std::uint64_t least_free_bytes, ByteSource& source, WritableFile& file) {
  std::vector<std::byte> buffer(kPiece);
  std::uint64_t unlooked = 0;
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const std::size_t count, source.Read(buffer));
    if (count == 0) return file.Close();
    RETURN_IF_ERROR(file.Append(ByteView(buffer).first(count)));
    unlooked += count;
    if (unlooked < kBetweenLooks) continue;
    unlooked = 0;
    RETURN_IF_ERROR(CheckFreeSpace(files, scratch, least_free_bytes));
  }
}

}  // namespace

Status CheckFreeSpace(const Files& files, const std::filesystem::path& directory,
                      std::uint64_t least_free_bytes) {
  const auto free = files.FreeSpace(directory);
  // A file system that does not say how full it is must not keep anybody from writing.
  if (!free || *free >= least_free_bytes) return Ok();
  return Exhausted(
             "the disk is nearly full: {} MiB are free, and {} MiB are kept for what is there",
             *free >> 20, least_free_bytes >> 20)
      .WithHint("free some space; reading goes on meanwhile");
}

Result<std::shared_ptr<const ReadableFile>> OpenAndForget(Files& files,
                                                          const std::filesystem::path& path) {
  auto file = files.Open(path);
  if (file) return std::make_shared<ForgottenFile>(files, path, *std::move(file));
  [[maybe_unused]] const Status removed = files.Remove(path);
  return file.error();
}

Result<std::shared_ptr<const ReadableFile>> ReceiveFile(const Context& context, Files& files,
                                                        const std::filesystem::path& scratch,
                                                        std::uint64_t least_free_bytes,
                                                        ByteSource& source) {
  if (auto file = source.File()) return file;
  ASSIGN_OR_RETURN(ScratchFile received,
                   ReceiveScratchFile(context, files, scratch, least_free_bytes, source));
  return std::move(received.file);
}

Result<ScratchFile> ReceiveScratchFile(const Context& context, Files& files,
                                       const std::filesystem::path& scratch,
                                       std::uint64_t least_free_bytes, ByteSource& source) {
  RETURN_IF_ERROR(files.CreateDirectories(scratch));
  const auto path = scratch / fmt::format("input-{:016x}", SystemRng().Next());
  {
    ASSIGN_OR_RETURN(const auto file, files.Create(path, IfExists::kFail, 0600));
    const Status copied = Copy(context, files, scratch, least_free_bytes, source, *file);
    if (!copied) {
      [[maybe_unused]] const Status removed = files.Remove(path);
      return copied.error();
    }
  }
  ASSIGN_OR_RETURN(auto file, OpenAndForget(files, path));
  return ScratchFile{.path = path, .file = std::move(file)};
}

}  // namespace weir::pipelines
