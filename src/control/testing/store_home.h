#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "base/clock.h"
#include "control/group_commit_store.h"
#include "control/store.h"

namespace weir::control {

/// A database of the test's own, empty at first, in which a store is opened, closed and opened
/// again.
class StoreHome {
 public:
  virtual ~StoreHome() = default;
  virtual Result<std::shared_ptr<Backend>> OpenBackend() = 0;

  Result<std::unique_ptr<Store>> Open(const StoreOptions& options = {},
                                      const Clock& clock = SystemClock());
};

enum class Database { kSqlite, kPostgres };

inline void PrintTo(Database database, std::ostream* out) {
  *out << (database == Database::kSqlite ? "Sqlite" : "Postgres");
}

std::unique_ptr<StoreHome> MakeHome(Database database);

}  // namespace weir::control
