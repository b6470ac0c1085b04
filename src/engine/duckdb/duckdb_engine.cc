#include <duckdb.hpp>
#include <duckdb/catalog/catalog_search_path.hpp>
#include <duckdb/main/client_data.hpp>

#include "engine/duckdb/duckdb_rows.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/governed_catalog.h"
#include "engine/duckdb/guarded_try.h"
#include "engine/duckdb/lock_down.h"
#include "engine/duckdb/statement_state.h"
#include "engine/engine.h"

namespace weir::engine {
namespace {

class DuckDbEngine final : public Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(const EngineOptions& options) {
    return WithoutExceptions([&]() -> Result<std::unique_ptr<Engine>> {
      duckdb::DBConfig config;
      RegisterGovernedCatalog(config);
      RegisterGuardedTry(config);
      config.SetOptionByName("threads", duckdb::Value::UBIGINT(options.threads));
      config.SetOptionByName("memory_limit", fmt::format("{}B", options.memory_bytes));
      auto engine = std::make_unique<DuckDbEngine>();
      engine->database_ = std::make_unique<duckdb::DuckDB>(nullptr, &config);
      RETURN_IF_ERROR(
          LockDown(*engine->database_, options,
                   {fmt::format("ATTACH '' AS {} (TYPE {})", kCatalogName, kCatalogName)}));
      return engine;
    });
  }

  Result<std::unique_ptr<RowStream>> Run(const Context& context,
                                         const Statement& statement) override {
    return WithoutExceptions([&]() -> Result<std::unique_ptr<RowStream>> {
      auto connection = std::make_unique<duckdb::Connection>(*database_);
      auto state = duckdb::make_shared_ptr<StatementState>(statement.resolver);
      connection->context->registered_state->Insert(StatementState::kKey, std::move(state));
      auto& search_path = *duckdb::ClientData::Get(*connection->context).catalog_search_path;
      search_path.Set({kCatalogName, statement.default_schema},
                      duckdb::CatalogSetPathType::SET_DIRECTLY);
      auto rows = std::make_unique<DuckDbRows>(context, std::move(connection));
      RETURN_IF_ERROR(rows->Start(statement.sql));
      return rows;
    });
  }

 private:
  std::unique_ptr<duckdb::DuckDB> database_;
};

}  // namespace

Result<std::unique_ptr<Engine>> OpenDuckDbEngine(const EngineOptions& options) {
  return DuckDbEngine::Open(options);
}

}  // namespace weir::engine
