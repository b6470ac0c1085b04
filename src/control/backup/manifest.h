#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "control/backend.h"
#include "control/backup/backed_up_datasets.h"
#include "control/backup/chunk.h"

namespace weir::backup {

struct ChunkRef {
  ChunkId id;
  std::uint64_t stored_size = 0;
  std::uint64_t records = 0;  ///< in it; 1 for a piece of a file

  bool operator==(const ChunkRef&) const = default;
};

/// A file of the home, in pieces.
struct BackedUpFile {
  std::string path;  ///< in the home, with slashes
  unsigned mode = 0644;
  std::vector<ChunkRef> pieces;

  bool operator==(const BackedUpFile&) const = default;
};

/// One backup: what the home held at `time`, as a list of chunks. Backups share the chunks they
/// have in common, and each is whole by itself.
struct Manifest {
  /// Every commit of the backup is of this time or before.
  Timestamp time;
  control::StoreState state;
  int home_format = 1;
  std::string written_by;  ///< version of Weir

  std::vector<ChunkRef> entries;  ///< by key
  std::vector<ChunkRef> log;      ///< commits after state.floor, by revision
  std::vector<ChunkRef> events;   ///< of the outbox, by position
  std::vector<BackedUpFile> files;
  /// None: the backup says nothing of datasets.
  std::optional<std::vector<BackedUpDataset>> datasets = {};

  bool operator==(const Manifest&) const = default;
};

/// In the order in which verify looks at them.
template <typename Visit>
void ForEachChunk(const Manifest& manifest, const Visit& visit) {
  for (const auto* chunks : {&manifest.entries, &manifest.log, &manifest.events}) {
    for (const ChunkRef& chunk : *chunks) visit(chunk);
  }
  for (const BackedUpFile& file : manifest.files) {
    for (const ChunkRef& piece : file.pieces) visit(piece);
  }
}

std::string ToJson(const Manifest& manifest);
/// kUnimplemented for the format of a newer Weir, kCorrupt for what is no manifest.
Result<Manifest> ParseManifest(std::string_view json);

/// Names a manifest in the object store: its time, so that names sort by it, and the SHA-256 of its
/// bytes, so that damage shows.
struct BackupId {
  std::string text;  ///< 20261121T101500.123456789Z-<64 digits>

  static BackupId Of(Timestamp time, std::string_view json);
  static Result<BackupId> FromObjectKey(std::string_view key);
  std::string ObjectKey() const;  ///< backups/<text>.json
  std::string_view Time() const;  ///< 20261121T101500.123456789Z
  std::string_view Hash() const;  ///< the digits

  auto operator<=>(const BackupId&) const = default;
};

}  // namespace weir::backup
