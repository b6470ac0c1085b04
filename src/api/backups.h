#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"

namespace weir::api {

/// What a backup is.
struct BackupReport {
  std::string id;
  std::int64_t revision = 0;  ///< of the control store
  Timestamp time = {};
  std::int64_t chunks = 0;      ///< it consists of
  std::int64_t new_chunks = 0;  ///< of these, stored now
  std::int64_t datasets = 0;
  std::int64_t objects = 0;      ///< the datasets consist of
  std::int64_t new_objects = 0;  ///< of these, stored now
  std::int64_t bytes = 0;        ///< stored now, of chunks and objects
};

/// What was found where backups are kept; all of it is whole.
struct BackupCheck {
  std::int64_t backups = 0;
  BackupReport newest = {};   ///< its id, revision and time
  std::int64_t chunks = 0;    ///< of all backups
  std::int64_t datasets = 0;  ///< of all backups
  std::int64_t objects = 0;   ///< these consist of
  std::int64_t bytes = 0;     ///< of chunks, slices and checkpoints
};

/// How far a backup or its verification is.
struct BackupProgress {
  std::int64_t chunks = 0;
  std::int64_t objects = 0;
  std::int64_t bytes = 0;  ///< of both
};
using OnBackupProgress = std::function<void(const BackupProgress&)>;  ///< from any thread

/// Backups of the home the process has open, to a directory or `s3://bucket/prefix`. Implemented in
/// server/ over control/backup.h. Thread-safe.
class Backups {
 public:
  virtual ~Backups() = default;

  virtual Result<BackupReport> Create(const Context& context, const std::string& target,
                                      const OnBackupProgress& on_progress) = 0;
  /// Reads every backup at `target`. kCorrupt names the first damaged chunk, manifest or object.
  virtual Result<BackupCheck> Verify(const Context& context, const std::string& target,
                                     const OnBackupProgress& on_progress) = 0;
};

}  // namespace weir::api
