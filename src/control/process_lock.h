#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace weir::control {

/// Keeps a second process away from what one process must own alone (a control database, a home).
///
/// The kernel's lock on a file, so it ends with the process however that ends; the file also holds
/// the pid, which is only read to name the holder. The file stays behind: removing it would race
/// with the next process that has just opened it.
class ProcessLock {
 public:
  /// Takes the lock, making the file if needed. kConflict names `what` and the pid of the holder;
  /// another lock of the same process counts as a holder too.
  static Result<std::unique_ptr<ProcessLock>> Acquire(const std::filesystem::path& path,
                                                      const std::string& what);
  ~ProcessLock();
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

 private:
  explicit ProcessLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace weir::control
