#include "base/files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>

namespace weir {
namespace {

bool IsCode(const Status& status, ErrorCode code) { return !status && status.error().code == code; }

Files::Path ParentOf(const Files::Path& path) {
  const Files::Path parent = path.parent_path();
  return parent.empty() ? Files::Path(".") : parent;
}

// Hidden, and not longer than names may be. The number tells apart the writers of this process, and
// the pid those of others.
Files::Path TemporaryBeside(const Files::Path& path) {
  static std::atomic<std::uint64_t> count{0};
  constexpr std::size_t kKept = 64;
  return ParentOf(path) / fmt::format(".tmp-{}-{}-{}", getpid(), count.fetch_add(1),
                                      path.filename().string().substr(0, kKept));
}

struct Temporary {
  Files::Path path;
  std::unique_ptr<WritableFile> file;
};

Result<Temporary> CreateTemporary(Files& files, const Files::Path& path, unsigned mode) {
  bool made_parent = false;
  for (;;) {
    Temporary temporary{.path = TemporaryBeside(path), .file = nullptr};
    auto file = files.Create(temporary.path, IfExists::kFail, mode);
    if (file) {
      temporary.file = std::move(file).value();
      return temporary;
    }
    if (file.error().code == ErrorCode::kNotFound && !made_parent) {
      RETURN_IF_ERROR(files.CreateDirectories(ParentOf(path)));
      made_parent = true;
    } else if (file.error().code != ErrorCode::kAlreadyExists) {
      return std::move(file).error();
    }  // else a crashed process of the same pid left it there: try the next name
  }
}

Status FillAndRename(Files& files, Temporary& temporary, const Files::Path& path,
                     ByteView content) {
  RETURN_IF_ERROR(temporary.file->Append(content));
  RETURN_IF_ERROR(temporary.file->Sync());
  RETURN_IF_ERROR(temporary.file->Close());
  return files.Rename(temporary.path, path);
}

}  // namespace

Result<bool> Files::Exists(const Path& path) const {
  auto info = Stat(path);
  if (info) return true;
  if (info.error().code == ErrorCode::kNotFound) return false;
  return std::move(info).error();
}

Result<std::string> Files::ReadAll(const Path& path, std::size_t limit) const {
  ASSIGN_OR_RETURN(const auto file, Open(path));
  if (file->size() > limit) {
    return Exhausted("{} is larger than the {} bytes it may have", path.string(), limit);
  }
  std::string content(file->size(), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const auto rest = std::as_writable_bytes(std::span(content)).subspan(filled);
    ASSIGN_OR_RETURN(const std::size_t count, file->Read(filled, rest));
    if (count == 0) break;  // it was cut short meanwhile
    filled += count;
  }
  content.resize(filled);
  return content;
}

Status Files::WriteDurably(const Path& path, ByteView content, unsigned mode) {
  ASSIGN_OR_RETURN(Temporary temporary, CreateTemporary(*this, path, mode));
  if (Status written = FillAndRename(*this, temporary, path, content); !written) {
    temporary.file.reset();
    // The first error is the one worth telling.
    (void)Remove(temporary.path);
    return written;
  }
  return SyncDirectory(ParentOf(path));
}

Status Files::MakeDurable(const Path& path) {
  RETURN_IF_ERROR(SyncFile(path));
  return SyncDirectory(ParentOf(path));
}

Status Files::RemoveTree(const Path& path) {
  // Removing before looking: a link to a directory goes itself, and what it points to stays.
  Status removed = Remove(path);
  if (removed || IsCode(removed, ErrorCode::kNotFound)) return Ok();
  if (!IsCode(removed, ErrorCode::kAlreadyExists)) return removed;
  ASSIGN_OR_RETURN(const auto names, List(path));
  for (const std::string& name : names) RETURN_IF_ERROR(RemoveTree(path / name));
  removed = Remove(path);
  if (IsCode(removed, ErrorCode::kNotFound)) return Ok();
  return removed;
}

}  // namespace weir
