#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/rng.h"

namespace weir {

/// A file system in memory that fails on demand, and forgets what a power cut would lose.
///
/// Content and names are durable apart, as on a disk: Sync keeps what is in a file, SyncDirectory
/// keeps its name. A rename is one step: both of its ends are lost or kept together. A path that is
/// not absolute counts from "/". There are no links. Thread-safe.
class FakeFiles final : public Files {
 public:
  explicit FakeFiles(const Clock& clock = SystemClock());
  ~FakeFiles() override;

  // What the test does to it.

  /// The call number `nth` from now, counted from 0, fails with `code`; a failing Append has
  /// written half of its bytes, every other failing call has done nothing. Calls on open files
  /// count too.
  void FailCall(int nth, ErrorCode code = ErrorCode::kUnavailable);
  /// The same, and so does every call after it until the power is cut: it is out.
  void FailFromCall(int nth);
  /// Calls since construction, to know how many there are to fail.
  int calls() const;
  /// From now on the disk takes only `free_bytes` more: an Append writes what fits, then is
  /// kExhausted. Removing files frees their bytes. With a `directory`, that is a disk of its own,
  /// and the rest has room.
  void FillDisk(std::uint64_t free_bytes = 0, const Path& directory = "/");
  /// Rot: one bit of a file changes where it is stored.
  void FlipBit(const Path& path, std::uint64_t bit = 0);
  /// All that was not synced is gone; files still open are dead; a planned failure is forgotten.
  void CutPower();
  /// As CutPower, but by chance some of it was already on the disk: the names of the first few
  /// unsynced changes, and of each file a part of what was appended, perhaps with a torn end.
  void CutPower(Rng& rng);

  // What the test asks of it.

  std::vector<Path> Paths() const;  ///< of all files, sorted
  Path OnlyPath() const;            ///< of the one file there is

  // Files
  Result<std::unique_ptr<ReadableFile>> Open(const Path& path) const override;
  Result<std::unique_ptr<WritableFile>> Create(const Path& path, IfExists if_exists,
                                               unsigned mode = 0644) override;
  Result<FileInfo> Stat(const Path& path) const override;
  Result<std::vector<std::string>> List(const Path& directory) const override;
  Status CreateDirectories(const Path& path) override;
  Status Rename(const Path& from, const Path& to) override;
  Status Remove(const Path& path) override;
  Status SyncFile(const Path& path) override;
  Status SyncDirectory(const Path& directory) override;
  Status SetMode(const Path& path, unsigned mode) override;
  Result<std::uint64_t> FreeSpace(const Path& path) const override;

 private:
  class State;
  class Reader;
  class Writer;

  const std::shared_ptr<State> state_;  // open files keep it alive
};

}  // namespace weir
