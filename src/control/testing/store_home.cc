#include "control/testing/store_home.h"

#include <atomic>
#include <utility>

#include "base/testing/temp_dir.h"
#include "control/postgres_backend.h"
#include "control/sqlite_store.h"
#include "control/testing/postgres_server.h"

namespace weir::control {
namespace {

class SqliteHome final : public StoreHome {
 public:
  Result<std::shared_ptr<Backend>> OpenBackend() override {
    ASSIGN_OR_RETURN(std::shared_ptr<Backend> backend, OpenSqliteBackend(dir_ / "control.db", {}));
    return backend;
  }

 private:
  TempDir dir_;
};

// Each home is a schema of the shared server.
class PostgresHome final : public StoreHome {
 public:
  PostgresHome() {
    static std::atomic<int> homes = 0;
    options_.connection.conninfo = PostgresServer::Shared().conninfo();
    options_.connection.schema = "home_" + std::to_string(++homes);
  }

  Result<std::shared_ptr<Backend>> OpenBackend() override {
    ASSIGN_OR_RETURN(std::shared_ptr<Backend> backend, PostgresBackend::Open(options_));
    return backend;
  }

 private:
  PostgresBackend::Options options_;
};

}  // namespace

Result<std::unique_ptr<Store>> StoreHome::Open(const StoreOptions& options, const Clock& clock) {
  ASSIGN_OR_RETURN(auto backend, OpenBackend());
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store,
                   GroupCommitStore::Open(std::move(backend), options, clock));
  return store;
}

std::unique_ptr<StoreHome> MakeHome(Database database) {
  if (database == Database::kSqlite) return std::make_unique<SqliteHome>();
  return std::make_unique<PostgresHome>();
}

}  // namespace weir::control
