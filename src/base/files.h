#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace weir {

/// An open file being written from its start to its end. One thread at a time. Closing without
/// Sync leaves durability to the kernel.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual Status Append(ByteView bytes) = 0;
  /// What was appended survives a power cut (the name needs SyncDirectory). After one failed Append
  /// or Sync nobody knows what the kernel still holds, so every later one fails too.
  virtual Status Sync() = 0;
  virtual Status Close() = 0;  ///< the destructor closes too, and swallows the error
};

/// An open file read at any offset. Thread-safe.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  /// Reads up to buffer.size() bytes at `offset`; fewer only at the end.
  virtual Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const = 0;
  virtual std::uint64_t size() const = 0;
};

struct FileInfo {
  std::uint64_t size = 0;
  Timestamp modified;
  bool is_directory = false;
  unsigned mode = 0;  ///< permission bits
};

enum class IfExists { kReplace, kFail };

/// The file system. Errors: kNotFound, kAlreadyExists (also: the directory is not empty), kDenied,
/// kExhausted (disk or quota full), kInvalid (no regular file, name too long), kUnavailable (other
/// I/O errors); the message names the path. Thread-safe. Tests use base/testing/fake_files.h.
class Files {
 public:
  using Path = std::filesystem::path;
  virtual ~Files() = default;

  virtual Result<std::unique_ptr<ReadableFile>> Open(const Path& path) const = 0;
  /// `mode` is for a file that is made here, less the process's umask.
  virtual Result<std::unique_ptr<WritableFile>> Create(const Path& path, IfExists if_exists,
                                                       unsigned mode = 0644) = 0;
  virtual Result<FileInfo> Stat(const Path& path) const = 0;
  /// Names in `directory`, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> List(const Path& directory) const = 0;
  /// With missing parents; the names it made survive a power cut. Present is fine.
  virtual Status CreateDirectories(const Path& path) = 0;
  virtual Status Rename(const Path& from, const Path& to) = 0;  ///< replaces `to`
  virtual Status Remove(const Path& path) = 0;                  ///< a file or an empty directory
  virtual Status SyncFile(const Path& path) = 0;
  virtual Status SyncDirectory(const Path& directory) = 0;
  virtual Status SetMode(const Path& path, unsigned mode) = 0;
  virtual Result<std::uint64_t> FreeSpace(const Path& path) const = 0;

  // Built on the above, the same for every file system.
  Result<bool> Exists(const Path& path) const;
  Result<std::string> ReadAll(const Path& path, std::size_t limit = 64 << 20) const;
  /// Temporary file beside `path`, sync, rename, directory sync: either the old content or the new
  /// one is there after a power cut, and the new one once this returned. Makes missing parents. The
  /// temporary is named ".tmp-...", and one that a crash left behind is never read again.
  Status WriteDurably(const Path& path, ByteView content, unsigned mode = 0644);
  /// Makes an existing file and its name survive a power cut.
  Status MakeDurable(const Path& path);
  /// Follows no link; absent is fine.
  Status RemoveTree(const Path& path);
};

/// The machine's file system.
Files& PosixFiles();

}  // namespace weir
