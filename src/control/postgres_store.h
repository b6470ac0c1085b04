#pragma once

#include <memory>

#include "base/clock.h"
#include "control/group_commit_store.h"
#include "control/postgres_backend.h"
#include "control/store.h"

namespace weir::control {

struct PostgresStoreOptions {
  StoreOptions store = {};
  PostgresBackend::Options backend = {};  ///< its connection string must be given
};

/// Opens the control store in a PostgreSQL schema, making it if it is not there. Several processes
/// may have it open; their clocks should agree, because leases are civil times. kInvalid,
/// kDenied, kUnavailable: as PostgresConnection::Open. `clock` outlives the store.
Result<std::unique_ptr<Store>> OpenPostgresStore(const PostgresStoreOptions& options,
                                                 const Clock& clock = SystemClock());

}  // namespace weir::control
