#include "base/steady_file.h"

#include <utility>

namespace weir {
namespace {

class SteadyFile final : public ReadableFile {
 public:
  SteadyFile(const Files& files, Files::Path path, const FileInfo& info,
             std::unique_ptr<ReadableFile> file)
      : files_(files), path_(std::move(path)), info_(info), file_(std::move(file)) {}

  // Looked at after each read: then what it gave is from before any change.
  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    ASSIGN_OR_RETURN(const std::size_t count, file_->Read(offset, buffer));
    ASSIGN_OR_RETURN(const FileInfo now, files_.Stat(path_));
    if (now.size == info_.size && now.modified == info_.modified) return count;
    return Unavailable("{} changed while it was read", path_.string())
        .WithHint("try again once it is whole");
  }

  std::uint64_t size() const override { return info_.size; }

 private:
  const Files& files_;
  const Files::Path path_;
  const FileInfo info_;
  const std::unique_ptr<ReadableFile> file_;
};

}  // namespace

Result<std::shared_ptr<const ReadableFile>> OpenSteady(const Files& files,
                                                       const Files::Path& path) {
  ASSIGN_OR_RETURN(const FileInfo info, files.Stat(path));
  ASSIGN_OR_RETURN(auto file, files.Open(path));
  return std::make_shared<const SteadyFile>(files, path, info, std::move(file));
}

}  // namespace weir
