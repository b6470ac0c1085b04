#include "base/memory_file.h"

#include <algorithm>
#include <cstring>

namespace weir {
namespace {

class MemoryFile final : public ReadableFile {
 public:
  explicit MemoryFile(std::string content) : content_(std::move(content)) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    if (offset >= content_.size()) return std::size_t{0};
    const std::size_t length = std::min<std::size_t>(buffer.size(), content_.size() - offset);
    std::memcpy(buffer.data(), content_.data() + offset, length);
    return length;
  }

  std::uint64_t size() const override { return content_.size(); }

 private:
  const std::string content_;
};

}  // namespace

std::shared_ptr<const ReadableFile> FileOf(std::string content) {
  return std::make_shared<MemoryFile>(std::move(content));
}

}  // namespace weir
