#include "datasets/repository.h"

#include <fmt/format.h>

#include "objects/object_file.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kMostRefBytes = 256;

}  // namespace

std::string Repository::Key(std::string_view folder, const Multihash& hash) const {
  return fmt::format("{}{}/{}", prefix_, folder, hash.ToText());
}

Result<std::optional<Multihash>> Repository::Head(const Context& context) const {
  auto text = store_->GetAll(context, prefix_ + "refs/head", kMostRefBytes);
  if (!text) {
    if (text.error().code == ErrorCode::kNotFound) return std::optional<Multihash>();
    return text.error();
  }
  const std::size_t end = text->find_last_not_of(" \r\n");
  auto hash = Multihash::Parse(std::string_view(*text).substr(0, end + 1));
  if (!hash) return Corrupt("{}refs/head holds no hash", ToString());
  return std::optional<Multihash>(*hash);
}

Result<Bytes> Repository::Block(const Context& context, const Multihash& hash) const {
  ASSIGN_OR_RETURN(const std::string bytes,
                   store_->GetAll(context, Key("blocks", hash), kMostBlockBytes));
  if (Multihash::Sha3Of(AsBytes(bytes)) != hash) {
    return Corrupt("block {} of {} is damaged: its bytes have another hash", hash.ToText(),
                   ToString());
  }
  return ToBytes(bytes);
}

Result<std::shared_ptr<const ReadableFile>> Repository::OpenSlice(
    const Context& context, const Multihash& physical_hash) const {
  return objects::OpenObject(context, *store_, Key("data", physical_hash));
}

Result<std::shared_ptr<const ReadableFile>> Repository::OpenCheckpoint(
    const Context& context, const Multihash& physical_hash) const {
  return objects::OpenObject(context, *store_, Key("checkpoints", physical_hash));
}

Status Repository::PutBlock(const Context& context, const Multihash& hash, ByteView bytes) const {
  return store_->Put(context, Key("blocks", hash), bytes);
}

Status Repository::PutSlice(const Context& context, const Multihash& physical_hash,
                            ByteView bytes) const {
  return store_->Put(context, Key("data", physical_hash), bytes);
}

Status Repository::PutSlice(const Context& context, const Multihash& physical_hash,
                            ByteSource& bytes) const {
  return store_->Put(context, Key("data", physical_hash), bytes);
}

Status Repository::SetHead(const Context& context, const Multihash& hash) const {
  return store_->Put(context, prefix_ + "refs/head", AsBytes(hash.ToText()));
}

Status Repository::List(const Context& context, const objects::ObjectStore::Visit& visit) const {
  return store_->List(context, prefix_, [&](const objects::ObjectInfo& object) {
    objects::ObjectInfo inside = object;
    inside.key.erase(0, prefix_.size());
    return visit(inside);
  });
}

}  // namespace weir::datasets
