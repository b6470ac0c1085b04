#pragma once

#include <memory>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "control/process_lock.h"

namespace weir::backup {

/// A home in the making: a hidden directory beside the one it will become. Nothing is seen of it
/// before Appear; of one that a crash left behind the next restore to the same place uses the
/// objects of datasets, whose names tell what they should be, and removes the rest. On the
/// machine's own disk, as SQLite is.
class RestoredHome {
 public:
  /// kAlreadyExists unless `home` is absent or an empty directory; kConflict when another process
  /// is restoring to it.
  static Result<RestoredHome> Begin(Files::Path home);
  RestoredHome(RestoredHome&&) = default;
  RestoredHome& operator=(RestoredHome&&) = delete;
  ~RestoredHome();

  /// Where it is being made.
  const Files::Path& path() const { return making_; }
  Files::Path ControlDatabase() const { return making_ / "control.db"; }
  /// A file of the home, durably; `name` is relative to it.
  Status Write(const std::string& name, std::string_view content, unsigned mode);
  /// The home is there, whole and durable. The database must be closed.
  Status Appear();

 private:
  RestoredHome(Files::Path home, Files::Path making, std::unique_ptr<control::ProcessLock> lock);

  Files& files_ = PosixFiles();
  Files::Path home_;
  Files::Path making_;
  std::unique_ptr<control::ProcessLock> lock_;  // null: moved from, or done
};

}  // namespace weir::backup
