#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/context.h"
#include "base/result.h"

namespace weir::api {

/// What a backup is, or was found to be.
struct BackupReport {
  std::string id;
  std::int64_t revision = 0;  ///< of the control store
  Timestamp time = {};
  std::int64_t chunks = 0;      ///< it consists of
  std::int64_t new_chunks = 0;  ///< of these, stored now; 0 when verifying
  std::int64_t bytes = 0;       ///< stored now, or read to verify
};

/// Backups of the home the process has open, to a directory or `s3://bucket/prefix`. Implemented in
/// server/ over control/backup.h. Thread-safe.
class Backups {
 public:
  virtual ~Backups() = default;

  virtual Result<BackupReport> Create(const Context& context, const std::string& target) = 0;
  /// The newest backup at `target`. kCorrupt names the first damaged chunk.
  virtual Result<BackupReport> Verify(const Context& context, const std::string& target) = 0;
};

}  // namespace weir::api
