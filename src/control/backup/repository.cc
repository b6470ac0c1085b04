#include "control/backup/repository.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hex.h"
#include "base/sha256.h"

namespace weir::backup {
namespace {

constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kFormat = "weir-backup 1\n";
constexpr std::string_view kFormatName = "weir-backup ";
constexpr std::size_t kMaxManifestSize = 256 << 20;

Status CheckFormat(std::string_view format, const std::string& where) {
  if (format == kFormat) return Ok();
  if (!format.starts_with(kFormatName)) return Invalid("{} holds no backups of Weir", where);
  return Unimplemented("the backups in {} are of a format this version of Weir does not know",
                       where)
      .WithHint("use the version of Weir that wrote them, or a newer one");
}

// The store has objects, whatever they are.
Result<bool> HoldsAnything(const Context& context, objects::ObjectStore& store) {
  bool found = false;
  const Status listed = store.List(context, "", [&](const objects::ObjectInfo& /*info*/) {
    found = true;
    return Status(Cancelled("one is enough"));
  });
  if (!listed && !found) return listed.error();
  return found;
}

Result<std::string> ReadFormat(const Context& context, objects::ObjectStore& store) {
  return store.GetAll(context, kFormatKey, 256);
}

Error Damaged(const ChunkRef& chunk, const std::string& where, std::string_view how) {
  return Corrupt("chunk {} in {} {}", chunk.id.ObjectKey(), where, how)
      .WithHint(
          "delete that object and create a backup: what the home still holds of it is stored "
          "again; or restore a time before the chunk was first used");
}

}  // namespace

Result<Repository> Repository::OpenForWriting(const Context& context, objects::ObjectStore& store) {
  auto format = ReadFormat(context, store);
  if (!format && format.error().code == ErrorCode::kNotFound) {
    ASSIGN_OR_RETURN(const bool is_used, HoldsAnything(context, store));
    if (is_used) {
      return Invalid("{} holds something else than backups of Weir", store.ToString())
          .WithHint("name an empty place");
    }
    RETURN_IF_ERROR(store.Put(context, kFormatKey, AsBytes(kFormat)));
    format = std::string(kFormat);
  }
  if (!format) return std::move(format).error();
  RETURN_IF_ERROR(CheckFormat(*format, store.ToString()));
  Repository repository(store);
  RETURN_IF_ERROR(repository.FindChunks(context));
  return repository;
}

Result<Repository> Repository::Open(const Context& context, objects::ObjectStore& store) {
  const auto format = ReadFormat(context, store);
  if (!format && format.error().code == ErrorCode::kNotFound) {
    return NotFound("there are no backups in {}", store.ToString());
  }
  if (!format) return format.error();
  RETURN_IF_ERROR(CheckFormat(*format, store.ToString()));
  return Repository(store);
}

Status Repository::FindChunks(const Context& context) {
  RETURN_IF_ERROR(store_.List(context, "chunks/", [&](const objects::ObjectInfo& info) {
    sizes_.emplace(info.key, info.size);
    return Ok();
  }));
  ASSIGN_OR_RETURN(const std::vector<BackupId> ids, List(context));
  if (ids.empty()) return Ok();
  // A manifest is written after its chunks, so these are durable. A damaged one only costs a look
  // at each of them.
  const auto newest = Load(context, ids.back());
  if (!newest) return Ok();
  ForEachChunk(*newest, [&](const ChunkRef& chunk) { durable_.insert(chunk.id); });
  newest_datasets_ = newest->datasets.value_or(std::vector<BackedUpDataset>());
  return Ok();
}

Result<std::vector<BackupId>> Repository::List(const Context& context) {
  std::vector<BackupId> ids;
  RETURN_IF_ERROR(store_.List(context, "backups/", [&](const objects::ObjectInfo& info) {
    if (auto id = BackupId::FromObjectKey(info.key)) ids.push_back(*std::move(id));
    return Ok();
  }));
  std::sort(ids.begin(), ids.end());
  return ids;
}

Result<Manifest> Repository::Load(const Context& context, const BackupId& id) {
  ASSIGN_OR_RETURN(const std::string json,
                   store_.GetAll(context, id.ObjectKey(), kMaxManifestSize));
  if (ToHex(Sha256::Of(AsBytes(json))) != id.Hash()) {
    return Corrupt("{} in {} is damaged", id.ObjectKey(), ToString())
        .WithHint("delete that object to go on without this backup");
  }
  return ParseManifest(json);
}

Result<BackupId> Repository::Save(const Context& context, const Manifest& manifest) {
  RETURN_IF_ERROR(uploads_.Finish());
  const std::string json = ToJson(manifest);
  BackupId id = BackupId::Of(manifest.time, json);
  RETURN_IF_ERROR(store_.Put(context, id.ObjectKey(), AsBytes(json)));
  return id;
}

Result<Repository::Stored> Repository::Store(const Context& context, std::string_view content,
                                             std::uint64_t records) {
  ASSIGN_OR_RETURN(std::string stored, CompressChunk(content));
  const ChunkId id = ChunkId::Of(stored);
  const std::string key = id.ObjectKey();
  Stored result{.chunk = {.id = id, .stored_size = stored.size(), .records = records}};
  const auto found = sizes_.find(key);
  result.is_new = found == sizes_.end() || found->second != stored.size();
  sizes_[key] = stored.size();
  const bool is_durable = !durable_.insert(id).second;
  if (!result.is_new && is_durable) return result;
  // If it is there and not known to last, a backup that crashed left it. The store makes sure.
  const IfExists if_exists = result.is_new ? IfExists::kReplace : IfExists::kFail;
  RETURN_IF_ERROR(uploads_.Add(
      [&store = store_, context, key, if_exists, bytes = std::move(stored)]() -> Status {
        Status put = store.Put(context, key, AsBytes(bytes), if_exists);
        const bool is_there = !put && put.error().code == ErrorCode::kAlreadyExists;
        return is_there ? Ok() : put;
      }));
  return result;
}

Result<std::string> Repository::Fetch(const Context& context, const ChunkRef& chunk) {
  const auto stored = store_.GetAll(context, chunk.id.ObjectKey(), chunk.stored_size);
  if (!stored) {
    const ErrorCode code = stored.error().code;
    if (code == ErrorCode::kNotFound) return Damaged(chunk, ToString(), "is missing");
    if (code == ErrorCode::kExhausted) return Damaged(chunk, ToString(), "is larger than it was");
    return stored.error();
  }
  auto content = ExpandChunk(chunk.id, *stored);
  if (!content) return Damaged(chunk, ToString(), "is damaged");
  return content;
}

}  // namespace weir::backup
