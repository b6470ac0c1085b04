#include "base/file_source.h"

#include <utility>

namespace weir {
namespace {

class FileSource final : public ByteSource {
 public:
  explicit FileSource(std::shared_ptr<const ReadableFile> file) : file_(std::move(file)) {}

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    ASSIGN_OR_RETURN(const std::size_t count, file_->Read(position_, buffer));
    position_ += count;
    return count;
  }

  std::optional<std::uint64_t> Size() const override { return file_->size(); }

  std::shared_ptr<const ReadableFile> File() const override { return file_; }

 private:
  const std::shared_ptr<const ReadableFile> file_;
  std::uint64_t position_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> SourceOf(std::shared_ptr<const ReadableFile> file) {
  return std::make_unique<FileSource>(std::move(file));
}

}  // namespace weir
