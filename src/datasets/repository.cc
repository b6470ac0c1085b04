#include "datasets/repository.h"

#include <fmt/format.h>

#include "objects/object_file.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kMostRefBytes = 256;
constexpr std::size_t kMostAliasBytes = 1024;

std::string_view FolderOf(Repository::Part part) {
  switch (part) {
    case Repository::Part::kBlock:
      return "blocks";
    case Repository::Part::kSlice:
      return "data";
    case Repository::Part::kCheckpoint:
      return "checkpoints";
  }
  return "";
}

}  // namespace

std::string Repository::NameOf(Part part, const Multihash& hash) {
  return fmt::format("{}/{}", FolderOf(part), hash.ToText());
}

std::string Repository::Key(Part part, const Multihash& hash) const {
  return prefix_ + NameOf(part, hash);
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
                   store_->GetAll(context, Key(Part::kBlock, hash), kMostBlockBytes));
  if (Multihash::Sha3Of(AsBytes(bytes)) != hash) {
    return Corrupt("block {} of {} is damaged: its bytes have another hash", hash.ToText(),
                   ToString());
  }
  return ToBytes(bytes);
}

Result<std::shared_ptr<const ReadableFile>> Repository::OpenSlice(
    const Context& context, const Multihash& physical_hash) const {
  return objects::OpenObject(context, *store_, Key(Part::kSlice, physical_hash));
}

Result<std::shared_ptr<const ReadableFile>> Repository::OpenCheckpoint(
    const Context& context, const Multihash& physical_hash) const {
  return objects::OpenObject(context, *store_, Key(Part::kCheckpoint, physical_hash));
}

Result<std::unique_ptr<ByteSource>> Repository::Get(const Context& context, Part part,
                                                    const Multihash& hash) const {
  return store_->Get(context, Key(part, hash));
}

Result<std::unique_ptr<objects::ObjectWriter>> Repository::Create(const Context& context, Part part,
                                                                  const Multihash& hash) const {
  return store_->Create(context, Key(part, hash), IfExists::kReplace);
}

Result<std::optional<std::uint64_t>> Repository::SizeOf(const Context& context, Part part,
                                                        const Multihash& hash) const {
  const auto object = store_->Stat(context, Key(part, hash));
  if (object) return std::optional(object->size);
  if (object.error().code == ErrorCode::kNotFound) return std::optional<std::uint64_t>();
  return object.error();
}

Status Repository::PutBlock(const Context& context, const Multihash& hash, ByteView bytes) const {
  return store_->Put(context, Key(Part::kBlock, hash), bytes);
}

Status Repository::PutSlice(const Context& context, const Multihash& physical_hash,
                            ByteView bytes) const {
  return store_->Put(context, Key(Part::kSlice, physical_hash), bytes);
}

Status Repository::PutSliceFile(const Context& context, const Multihash& physical_hash,
                                Files& files, const Files::Path& path) const {
  return store_->PutFile(context, Key(Part::kSlice, physical_hash), files, path);
}

Status Repository::SetHead(const Context& context, const Multihash& hash) const {
  return store_->Put(context, prefix_ + "refs/head", AsBytes(hash.ToText()));
}

Result<std::string> Repository::Alias(const Context& context) const {
  auto alias = store_->GetAll(context, prefix_ + "info/alias", kMostAliasBytes);
  if (!alias && alias.error().code == ErrorCode::kNotFound) return std::string();
  return alias;
}

Status Repository::SetAlias(const Context& context, std::string_view alias) const {
  return store_->Put(context, prefix_ + "info/alias", AsBytes(alias));
}

Status Repository::Delete(const Context& context, std::string_view name) const {
  return store_->Delete(context, prefix_ + std::string(name));
}

Status Repository::List(const Context& context, const objects::ObjectStore::Visit& visit) const {
  return ListUnder(context, "", visit);
}

Status Repository::List(const Context& context, Part part,
                        const objects::ObjectStore::Visit& visit) const {
  return ListUnder(context, fmt::format("{}/", FolderOf(part)), visit);
}

Status Repository::ListUnder(const Context& context, std::string_view folder,
                             const objects::ObjectStore::Visit& visit) const {
  return store_->List(context, fmt::format("{}{}", prefix_, folder),
                      [&](const objects::ObjectInfo& object) {
                        objects::ObjectInfo inside = object;
                        inside.key.erase(0, prefix_.size());
                        return visit(inside);
                      });
}

}  // namespace weir::datasets
