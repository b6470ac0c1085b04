#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "control/group_commit_store.h"
#include "control/sqlite_backend.h"
#include "control/store.h"

namespace weir::control {

struct SqliteStoreOptions {
  StoreOptions store = {};
  SqliteBackend::Options backend = {};
};

/// Opens the control store in the SQLite file `path`, making it if it is not there (its directory
/// must be). One process at a time: kConflict names the pid of another that has it open.
/// Other errors: kCorrupt (the file is damaged, or no database), kUnimplemented (a newer version of
/// Weir wrote it), kDenied (no right to write), kExhausted (disk full). `clock` outlives the store.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::filesystem::path& path,
                                               const SqliteStoreOptions& options = {},
                                               const Clock& clock = SystemClock());

/// The database alone, under the same lock: what migration reads from.
Result<std::shared_ptr<SqliteBackend>> OpenSqliteBackend(const std::filesystem::path& path,
                                                         const SqliteBackend::Options& options);

}  // namespace weir::control
