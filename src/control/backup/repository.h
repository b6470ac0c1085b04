#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/backup/chunk.h"
#include "control/backup/manifest.h"
#include "control/backup/uploads.h"
#include "objects/object_store.h"

namespace weir::backup {

/// The backups in one place of an object store: chunks, and a manifest for each backup
/// (docs/formats/backup.md). Used by one thread; several processes may write into one place.
class Repository {
 public:
  /// Begins a place for backups, or opens one. kInvalid for a place that holds something else.
  static Result<Repository> OpenForWriting(const Context& context, objects::ObjectStore& store);
  /// kNotFound when there are no backups.
  static Result<Repository> Open(const Context& context, objects::ObjectStore& store);

  /// The oldest first.
  Result<std::vector<BackupId>> List(const Context& context);
  Result<Manifest> Load(const Context& context, const BackupId& id);
  /// Stores the manifest, once all chunks stored before are durable.
  Result<BackupId> Save(const Context& context, const Manifest& manifest);

  /// Stores a chunk unless it is there. It need not be durable, nor have gone well, before Save
  /// returned.
  struct Stored {
    ChunkRef chunk;
    bool is_new = false;
  };
  Result<Stored> Store(const Context& context, std::string_view content, std::uint64_t records);
  /// The content of a chunk, checked. kCorrupt names a chunk that is missing or damaged.
  Result<std::string> Fetch(const Context& context, const ChunkRef& chunk);

  /// The datasets of the newest backup there was when this was opened for writing; all they
  /// consist of lasts.
  const std::vector<BackedUpDataset>& newest_datasets() const { return newest_datasets_; }

  objects::ObjectStore& store() { return store_; }
  std::string ToString() const { return store_.ToString(); }

 private:
  explicit Repository(objects::ObjectStore& store) : store_(store) {}
  Status FindChunks(const Context& context);

  objects::ObjectStore& store_;
  std::unordered_map<std::string, std::uint64_t> sizes_;  // of the chunks that are there, by key
  std::set<ChunkId> durable_;                             // if they are there, they last
  std::vector<BackedUpDataset> newest_datasets_;
  Uploads uploads_;
};

}  // namespace weir::backup
