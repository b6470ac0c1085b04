#include "control/postgres_store.h"

#include <utility>

namespace weir::control {

Result<std::unique_ptr<Store>> OpenPostgresStore(const PostgresStoreOptions& options,
                                                 const Clock& clock) {
  ASSIGN_OR_RETURN(auto backend, PostgresBackend::Open(options.backend));
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store,
                   GroupCommitStore::Open(std::move(backend), options.store, clock));
  return store;
}

}  // namespace weir::control
