#include "base/stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace weir {
namespace {

class StringSource : public ByteSource {
 public:
  explicit StringSource(std::string content) : content_(std::move(content)) {}

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), content_.size() - position_);
    if (count == 0) return count;  // an empty buffer has no address
    std::memcpy(buffer.data(), content_.data() + position_, count);
    position_ += count;
    return count;
  }

  std::optional<std::uint64_t> Size() const override { return content_.size(); }

 private:
  std::string content_;
  std::size_t position_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> SourceOf(std::string content) {
  return std::make_unique<StringSource>(std::move(content));
}

Result<std::string> ReadAll(ByteSource& source, std::size_t limit) {
  std::string all;
  std::array<std::byte, 16 * 1024> buffer;
  for (;;) {
    ASSIGN_OR_RETURN(const std::size_t count, source.Read(buffer));
    if (count == 0) return all;
    if (all.size() + count > limit) {
      return Exhausted("the body is larger than {} bytes", limit);
    }
    all.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
}

}  // namespace weir
