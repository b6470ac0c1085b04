#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/rng.h"

namespace weir {

/// A file or directory of a FakeDisk, twice: as programs see it, and as the disk would show it
/// after a power cut.
struct FakeNode {
  using Entries = std::map<std::string, std::shared_ptr<FakeNode>>;

  bool is_directory = false;
  unsigned mode = 0;
  Timestamp modified;
  std::string content = {};  // of a file
  std::string durable_content = {};
  Entries entries = {};  // of a directory
  Entries durable_entries = {};
};

/// Whether `path` is `directory` or below it.
bool IsBelow(const Files::Path& path, const Files::Path& directory);

/// What FakeFiles keeps its files on: a tree of nodes and the changes of names that no directory
/// sync has made durable yet. Not thread-safe.
class FakeDisk {
 public:
  using Path = Files::Path;
  using NodePtr = std::shared_ptr<FakeNode>;

  FakeDisk();

  Result<NodePtr> Find(const Path& path) const;
  Result<NodePtr> CreateFile(const Path& path, IfExists if_exists, unsigned mode, Timestamp now);
  Status MakeDirectories(const Path& path, Timestamp now);
  Status Rename(const Path& from, const Path& to);
  Status Remove(const Path& path);
  Status SyncDirectory(const Path& path);

  /// Without `rng` nothing unsynced stays; with it some of it does.
  void CutPower(Rng* rng);

  std::uint64_t UsedBytes(const Path& directory) const;  ///< of all files below it
  std::vector<Path> FilePaths() const;                   ///< sorted

 private:
  // A place for a name, and a change that must be kept or lost as one.
  using Place = std::pair<NodePtr, std::string>;
  struct Edge {
    Place place;
    NodePtr node;  // null: the name goes
  };
  using Change = std::vector<Edge>;

  Result<Place> PlaceOf(const Path& path) const;
  void Apply(Change change);
  void Settle(std::vector<Place> places);

  NodePtr root_;
  std::vector<Change> pending_;  // oldest first
};

}  // namespace weir
