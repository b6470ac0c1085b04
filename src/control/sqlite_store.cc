#include "control/sqlite_store.h"

#include <utility>

namespace weir::control {

Result<std::shared_ptr<SqliteBackend>> OpenSqliteBackend(const std::filesystem::path& path,
                                                         const SqliteBackend::Options& options) {
  std::filesystem::path lock_path = path;
  lock_path += ".lock";
  ASSIGN_OR_RETURN(auto lock,
                   ProcessLock::Acquire(lock_path, "the control store " + path.native()));
  return SqliteBackend::Open(path, options, std::move(lock));
}

Result<std::unique_ptr<Store>> OpenSqliteStore(const std::filesystem::path& path,
                                               const SqliteStoreOptions& options,
                                               const Clock& clock) {
  ASSIGN_OR_RETURN(auto backend, OpenSqliteBackend(path, options.backend));
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store,
                   GroupCommitStore::Open(std::move(backend), options.store, clock));
  return store;
}

}  // namespace weir::control
