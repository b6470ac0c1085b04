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

// Looks at the disk now and then while it is written.
class WatchedFile final : public WritableFile {
 public:
  WatchedFile(const ScratchPlace& place, std::unique_ptr<WritableFile> file)
      : place_(place), file_(std::move(file)) {}

  Status Append(ByteView bytes) override {
    RETURN_IF_ERROR(file_->Append(bytes));
    unlooked_ += bytes.size();
    if (unlooked_ < kBetweenLooks) return Ok();
    unlooked_ = 0;
    return CheckFreeSpace(place_.files, place_.directory, place_.least_free_bytes);
  }
  Status Sync() override { return file_->Sync(); }
  Status Close() override { return file_->Close(); }

 private:
  const ScratchPlace& place_;
  const std::unique_ptr<WritableFile> file_;
  std::uint64_t unlooked_ = 0;
};

Status Copy(const Context& context, ByteSource& source, WritableFile& file) {
  std::vector<std::byte> buffer(kPiece);
  for (;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const std::size_t count, source.Read(buffer));
    if (count == 0) return Ok();
    RETURN_IF_ERROR(file.Append(ByteView(buffer).first(count)));
  }
}

Result<std::shared_ptr<const ReadableFile>> OpenAndForget(Files& files,
                                                          const std::filesystem::path& path) {
  auto file = files.Open(path);
  if (file) return std::make_shared<ForgottenFile>(files, path, *std::move(file));
  [[maybe_unused]] const Status removed = files.Remove(path);
  return file.error();
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

Result<ScratchFile> MakeScratchFile(const ScratchPlace& place,
                                    const std::function<Status(WritableFile&)>& fill) {
  ScratchFile made{.path = place.directory / fmt::format("input-{:016x}", SystemRng().Next())};
  {
    ASSIGN_OR_RETURN(auto created, place.files.Create(made.path, IfExists::kFail, 0600));
    WatchedFile file(place, std::move(created));
    Status written = fill(file);
    if (written) written = file.Close();
    if (!written) {
      [[maybe_unused]] const Status removed = place.files.Remove(made.path);
      return written.error();
    }
  }
  ASSIGN_OR_RETURN(made.file, OpenAndForget(place.files, made.path));
  return made;
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
  return MakeScratchFile(
      {.files = files, .directory = scratch, .least_free_bytes = least_free_bytes},
      [&](WritableFile& file) { return Copy(context, source, file); });
}

}  // namespace weir::pipelines
