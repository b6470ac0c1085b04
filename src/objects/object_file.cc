#include "objects/object_file.h"

#include <algorithm>

namespace weir::objects {
namespace {

class ObjectFile final : public ReadableFile {
 public:
  ObjectFile(Context context, ObjectStore& store, ObjectInfo object)
      : context_(std::move(context)), store_(store), object_(std::move(object)) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    if (offset >= object_.size || buffer.empty()) return std::size_t{0};
    const std::uint64_t length = std::min<std::uint64_t>(buffer.size(), object_.size - offset);
    ASSIGN_OR_RETURN(const auto source,
                     store_.Get(context_, object_.key, {.offset = offset, .length = length}));
    std::size_t filled = 0;
    while (filled < length) {
      ASSIGN_OR_RETURN(const std::size_t read,
                       source->Read(buffer.subspan(filled, length - filled)));
      if (read == 0) return Corrupt("{} of {} has become shorter", object_.key, store_.ToString());
      filled += read;
    }
    return filled;
  }

  std::uint64_t size() const override { return object_.size; }

 private:
  const Context context_;
  ObjectStore& store_;
  const ObjectInfo object_;
};

}  // namespace

Result<std::shared_ptr<const ReadableFile>> OpenObject(const Context& context, ObjectStore& store,
                                                       std::string_view key) {
  ASSIGN_OR_RETURN(ObjectInfo object, store.Stat(context, key));
  std::shared_ptr<const ReadableFile> file =
      std::make_shared<ObjectFile>(context, store, std::move(object));
  return file;
}

}  // namespace weir::objects
