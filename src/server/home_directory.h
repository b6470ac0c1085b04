#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "base/files.h"
#include "base/result.h"

namespace weir::server {

/// The format of homes that this program writes; docs/formats/home.md.
inline constexpr int kHomeFormat = 1;

/// Where things are in a home.
struct HomePaths {
  using Path = std::filesystem::path;

  explicit HomePaths(Path directory) : root(std::move(directory)) {}

  Path root;
  Path config() const { return root / "weir.yaml"; }
  Path format() const { return root / "format"; }
  Path control_db() const { return root / "control.db"; }
  Path keys() const { return root / "keys"; }
  Path datasets() const { return root / "datasets"; }
  Path cache() const { return root / "cache"; }
  Path states() const { return cache() / "states"; }
  Path packed() const { return cache() / "packed"; }
  Path working() const { return cache() / "working"; }
  Path run() const { return root / "run"; }
  Path lock() const { return run() / "lock"; }
  Path socket() const { return run() / "weir.sock"; }
  Path pid() const { return run() / "pid"; }
  Path token() const { return run() / "token"; }
};

/// Turns a home of format N, the key, into one of format N + 1. It may be interrupted at any point:
/// the home is then put back from the copy before it runs again.
using HomeMigrations = std::map<int, std::function<Status(Files&, const HomePaths&)>>;

/// The migrations of every format that was ever released.
const HomeMigrations& ReleasedMigrations();

/// Makes `paths.root` a home of format `target`. An empty or absent directory becomes one; an older
/// home is copied to before-format-<target>/ inside it (weir.yaml, control.db and keys/) and then
/// migrated; a newer one is refused (kUnimplemented) and left as it is. The caller holds the lock
/// of the home.
Status PrepareHome(Files& files, const HomePaths& paths,
                   const HomeMigrations& migrations = ReleasedMigrations(),
                   int target = kHomeFormat);

/// The directories of a home that must be there before it can be locked.
Status MakeRunDirectory(Files& files, const HomePaths& paths);

}  // namespace weir::server
