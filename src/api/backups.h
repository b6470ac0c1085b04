#pragma once

#include <cstdint>
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
  std::int64_t bytes = 0;       ///< stored now
};

/// What was found where backups are kept; all of it is whole.
struct BackupCheck {
  std::int64_t backups = 0;
  BackupReport newest = {};  ///< its id, revision and time
  std::int64_t chunks = 0;   ///< of all backups
  std::int64_t bytes = 0;    ///< of these chunks
};

/// Backups of the home the process has open, to a directory or `s3://bucket/prefix`. Implemented in
/// server/ over control/backup.h. Thread-safe.
class Backups {
 public:
  virtual ~Backups() = default;

  virtual Result<BackupReport> Create(const Context& context, const std::string& target) = 0;
  /// Reads every backup at `target`. kCorrupt names the first damaged chunk or manifest.
  virtual Result<BackupCheck> Verify(const Context& context, const std::string& target) = 0;
};

}  // namespace weir::api
