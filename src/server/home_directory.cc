#include "server/home_directory.h"

#include <charconv>
#include <vector>

namespace weir::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHomeHint =
    "a home is an empty directory, or one that weir has made; name another with --home";

Result<int> ReadFormat(Files& files, const HomePaths& paths) {
  ASSIGN_OR_RETURN(const std::string text, files.ReadAll(paths.format(), 64));
  int format = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), format);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (failed != std::errc() || format < 1 || (!rest.empty() && rest != "\n")) {
    return Corrupt("{} holds no format number", paths.format().string());
  }
  return format;
}

Status WriteFormat(Files& files, const HomePaths& paths, int format) {
  return files.WriteDurably(paths.format(), AsBytes(fmt::format("{}\n", format)));
}

Status CopyFile(Files& files, const fs::path& from, const fs::path& to) {
  constexpr std::size_t kPiece = 1 << 20;
  ASSIGN_OR_RETURN(const auto source, files.Open(from));
  ASSIGN_OR_RETURN(const FileInfo info, files.Stat(from));
  ASSIGN_OR_RETURN(const auto target, files.Create(to, IfExists::kReplace, info.mode));
  Bytes piece(kPiece);
  for (std::uint64_t offset = 0;;) {
    ASSIGN_OR_RETURN(const std::size_t read, source->Read(offset, piece));
    if (read == 0) break;
    RETURN_IF_ERROR(target->Append(ByteView(piece).first(read)));
    offset += read;
  }
  RETURN_IF_ERROR(target->Sync());
  return target->Close();
}

// Everything directly in `from`, and one level of directories: keys/ has no deeper ones.
Status CopyTree(Files& files, const fs::path& from, const fs::path& to) {
  RETURN_IF_ERROR(files.CreateDirectories(to));
  ASSIGN_OR_RETURN(const FileInfo info, files.Stat(from));
  RETURN_IF_ERROR(files.SetMode(to, info.mode));
  ASSIGN_OR_RETURN(const std::vector<std::string> names, files.List(from));
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const FileInfo entry, files.Stat(from / name));
    if (entry.is_directory) {
      RETURN_IF_ERROR(CopyTree(files, from / name, to / name));
    } else {
      RETURN_IF_ERROR(CopyFile(files, from / name, to / name));
    }
  }
  return files.SyncDirectory(to);
}

// What a migration may change. The write-ahead log belongs to the database as long as it is there.
const std::vector<std::string>& MigratedNames() {
  static const std::vector<std::string> names = {"weir.yaml", "format", "control.db",
                                                 "control.db-wal", "keys"};
  return names;
}

Status CopyHome(Files& files, const fs::path& from, const fs::path& to) {
  RETURN_IF_ERROR(files.CreateDirectories(to));
  for (const std::string& name : MigratedNames()) {
    ASSIGN_OR_RETURN(const bool exists, files.Exists(from / name));
    if (!exists) continue;
    ASSIGN_OR_RETURN(const FileInfo info, files.Stat(from / name));
    RETURN_IF_ERROR(info.is_directory ? CopyTree(files, from / name, to / name)
                                      : CopyFile(files, from / name, to / name));
  }
  return files.SyncDirectory(to);
}

fs::path CopyUnderway(const HomePaths& paths, int target) {
  return paths.root / fmt::format("migrating-to-{}", target);
}

// The copy appears under its name only when it is whole, so one that is there can be trusted: an
// earlier run made it and was cut off while migrating.
Status CopyOrPutBack(Files& files, const HomePaths& paths, int target) {
  const fs::path copy = CopyUnderway(paths, target);
  ASSIGN_OR_RETURN(const bool interrupted, files.Exists(copy));
  if (interrupted) {
    for (const std::string& name : MigratedNames()) {
      if (name != "format") RETURN_IF_ERROR(files.RemoveTree(paths.root / name));
    }
    // The shared memory of a write-ahead log that has just been replaced would be wrong.
    RETURN_IF_ERROR(files.RemoveTree(paths.root / "control.db-shm"));
    return CopyHome(files, copy, paths.root);
  }
  const fs::path unfinished = paths.root / ".tmp-copy";
  RETURN_IF_ERROR(files.RemoveTree(unfinished));
  RETURN_IF_ERROR(CopyHome(files, paths.root, unfinished));
  RETURN_IF_ERROR(files.Rename(unfinished, copy));
  return files.SyncDirectory(paths.root);
}

Status MigrateHome(Files& files, const HomePaths& paths, int format,
                   const HomeMigrations& migrations, int target) {
  for (int step = format; step < target; ++step) {
    if (migrations.find(step) == migrations.end()) {
      return Unimplemented("home {} has format {}, which this version cannot migrate",
                           paths.root.string(), step);
    }
  }
  RETURN_IF_ERROR(CopyOrPutBack(files, paths, target));
  for (int step = format; step < target; ++step) {
    RETURN_IF_ERROR(migrations.at(step)(files, paths));
  }
  RETURN_IF_ERROR(WriteFormat(files, paths, target));
  const fs::path kept = paths.root / fmt::format("before-format-{}", target);
  RETURN_IF_ERROR(files.RemoveTree(kept));
  RETURN_IF_ERROR(files.Rename(CopyUnderway(paths, target), kept));
  return files.SyncDirectory(paths.root);
}

Status MakeHome(Files& files, const HomePaths& paths, int target) {
  ASSIGN_OR_RETURN(const bool has_data, files.Exists(paths.control_db()));
  if (has_data) {
    return Corrupt("home {} has a control store but no format number", paths.root.string())
        .WithHint("put the file `format` back, or restore a backup into another home");
  }
  RETURN_IF_ERROR(files.CreateDirectories(paths.keys()));
  RETURN_IF_ERROR(files.SetMode(paths.keys(), 0700));
  return WriteFormat(files, paths, target);
}

}  // namespace

// Format 1 is the first.
const HomeMigrations& ReleasedMigrations() {
  static const HomeMigrations none;
  return none;
}

Status MakeRunDirectory(Files& files, const HomePaths& paths) {
  const auto existed = files.Exists(paths.root);
  if (Status made = files.CreateDirectories(paths.run()); !made) {
    return std::move(made).error().WithHint(std::string(kHomeHint));
  }
  // A directory of somebody's own making keeps the mode they gave it.
  if (existed && !*existed) RETURN_IF_ERROR(files.SetMode(paths.root, 0700));
  return files.SetMode(paths.run(), 0700);
}

Status PrepareHome(Files& files, const HomePaths& paths, const HomeMigrations& migrations,
                   int target) {
  ASSIGN_OR_RETURN(const bool made, files.Exists(paths.format()));
  if (!made) return MakeHome(files, paths, target);
  ASSIGN_OR_RETURN(const int format, ReadFormat(files, paths));
  if (format == target) return Ok();
  if (format > target) {
    return Unimplemented("home {} has format {}, and this version of weir knows formats up to {}",
                         paths.root.string(), format, target)
        .WithHint("use the newer weir that wrote it");
  }
  return MigrateHome(files, paths, format, migrations, target);
}

}  // namespace weir::server
