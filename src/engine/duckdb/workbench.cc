#include "engine/workbench.h"

#include <duckdb/catalog/catalog_search_path.hpp>
#include <duckdb/main/client_data.hpp>
#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/planner/planner.hpp>
#include <map>

#include "engine/duckdb/batch_functions.h"
#include "engine/duckdb/duckdb_rows.h"
#include "engine/duckdb/errors.h"
#include "engine/duckdb/exact_aggregates.h"
#include "engine/duckdb/guarded_try.h"
#include "engine/duckdb/kept_functions.h"
#include "engine/duckdb/lock_down.h"
#include "engine/duckdb/plain_casts.h"
#include "engine/duckdb/plan_lineage.h"
#include "engine/duckdb/slice_scan.h"
#include "engine/duckdb/statement_state.h"
#include "engine/duckdb/weir_files.h"
#include "engine/sql_text.h"

namespace weir::engine {
namespace {

// Everything made here lives in one of two schemas, so that it can be dropped at once: what is made
// once, and what is made for a step.
constexpr const char* kSchema = "work";
constexpr const char* kStepSchema = "step";

// Once interrupted, the statement still runs to its end: its tasks hold on to what they work on.
Status RunToEnd(const Context& context, duckdb::Connection& connection,
                duckdb::PendingQueryResult& pending) {
  Status wanted;
  for (;;) {
    const auto state = pending.ExecuteTask();
    if (duckdb::PendingQueryResult::IsResultReady(state)) return wanted;
    if (wanted && !(wanted = context.Check())) connection.Interrupt();
    if (state != duckdb::PendingExecutionResult::RESULT_NOT_READY) pending.WaitForTask();
  }
}

class DuckDbWorkbench final : public Workbench {
 public:
  static Result<std::unique_ptr<Workbench>> Open(const EngineOptions& options) {
    return WithoutExceptions([&]() -> Result<std::unique_ptr<Workbench>> {
      duckdb::DBConfig config;
      RegisterGuardedTry(config);
      config.SetOptionByName("threads", duckdb::Value::UBIGINT(options.threads));
      config.SetOptionByName("memory_limit", fmt::format("{}B", options.memory_bytes));
      auto bench = std::make_unique<DuckDbWorkbench>();
      bench->database_ = std::make_unique<duckdb::DuckDB>(nullptr, &config);
      RETURN_IF_ERROR(LockDown(*bench->database_, options,
                               {fmt::format("CREATE SCHEMA {}", kSchema),
                                fmt::format("CREATE SCHEMA {}", kStepSchema)}));
      duckdb::Connection connection(*bench->database_);
      RegisterPlainCasts(connection);
      RegisterExactAggregates(connection);
      RegisterKeptFunctions(connection);
      RegisterBatchFunctions(connection);
      return bench;
    });
  }

  Status Execute(const Context& context, const std::string& sql) override {
    return WithoutExceptions([&]() -> Status {
      const auto connection = Connect();
      const auto pending = connection->PendingQuery(sql);
      if (pending->HasError()) return FromDuckDb(pending->GetErrorObject());
      RETURN_IF_ERROR(RunToEnd(context, *connection, *pending));
      if (pending->HasError()) return FromDuckDb(pending->GetErrorObject());
      const auto result = pending->Execute();
      if (result->HasError()) return FromDuckDb(result->GetErrorObject());
      return Ok();
    });
  }

  Result<std::unique_ptr<RowStream>> Query(const Context& context,
                                           const std::string& sql) override {
    return WithoutExceptions([&]() -> Result<std::unique_ptr<RowStream>> {
      auto rows = std::make_unique<DuckDbRows>(context, Connect());
      RETURN_IF_ERROR(rows->Start(sql));
      return rows;
    });
  }

  Result<std::vector<Column>> Describe(const std::string& sql) override {
    return WithoutExceptions([&]() -> Result<std::vector<Column>> {
      const auto connection = Connect();
      const auto prepared = connection->Prepare(sql);
      if (prepared->HasError()) return FromDuckDb(prepared->error);
      std::vector<Column> columns;
      for (std::size_t i = 0; i < prepared->ColumnCount(); ++i) {
        columns.push_back({prepared->GetNames()[i], prepared->GetTypes()[i].ToString()});
      }
      return columns;
    });
  }

  Result<QueryLineage> Lineage(const Context& context, const std::string& sql) override {
    RETURN_IF_ERROR(context.Check());
    return WithoutExceptions([&]() -> Result<QueryLineage> {
      const auto connection = Connect();
      auto statements = connection->ExtractStatements(sql);
      if (statements.size() != 1) return Invalid("lineage is that of one query");
      QueryLineage lineage;
      connection->context->RunFunctionInTransaction([&] {
        duckdb::Planner planner(*connection->context);
        planner.CreatePlan(std::move(statements.front()));
        lineage = LineageOfPlan(*planner.plan, {planner.names.begin(), planner.names.end()});
      });
      return lineage;
    });
  }

  Status AddRelation(const std::string& name, std::shared_ptr<const ScanSource> source) override {
    const std::string call = ScanCall(*source, name);
    state_->SetScan(name, std::move(source));
    std::string& there = relations_[name];
    if (there == call) return Ok();
    there = call;
    return Execute(Context::Background(),
                   fmt::format("CREATE OR REPLACE VIEW memory.{}.{} AS SELECT * FROM {}", kSchema,
                               Identifier(name), call));
  }

  void AddGroups(const std::string& name, std::shared_ptr<const KeptGroups> groups) override {
    state_->AddGroups(name, std::move(groups));
  }

  Result<std::string> AddFile(std::shared_ptr<const ReadableFile> file) override {
    auto source = std::make_shared<ScanSource>();
    source->files.push_back(
        {.open = [file]() -> Result<std::shared_ptr<const ReadableFile>> { return file; },
         .size = file->size()});
    return WeirPath(state_->AddScan(std::move(source)), 0);
  }

  Status BeginStep() override {
    state_->DropGroups();
    RETURN_IF_ERROR(Empty(kStepSchema));
    is_in_step_ = true;
    return Ok();
  }

  Status Clear() override {
    state_ = duckdb::make_shared_ptr<StatementState>(nullptr);
    relations_.clear();
    RETURN_IF_ERROR(Empty(kStepSchema));
    is_in_step_ = false;
    return Empty(kSchema);
  }

 private:
  std::unique_ptr<duckdb::Connection> Connect() {
    auto connection = std::make_unique<duckdb::Connection>(*database_);
    connection->context->registered_state->Insert(StatementState::kKey, state_);
    auto& search_path = *duckdb::ClientData::Get(*connection->context).catalog_search_path;
    // What is made goes into the first of them.
    duckdb::vector<duckdb::CatalogSearchEntry> path = {{"memory", kSchema}};
    if (is_in_step_) path.insert(path.begin(), {"memory", kStepSchema});
    search_path.Set(path, duckdb::CatalogSetPathType::SET_DIRECTLY);
    return connection;
  }

  Status Empty(const char* schema) {
    RETURN_IF_ERROR(
        Execute(Context::Background(), fmt::format("DROP SCHEMA memory.{} CASCADE", schema)));
    return Execute(Context::Background(), fmt::format("CREATE SCHEMA memory.{}", schema));
  }

  std::unique_ptr<duckdb::DuckDB> database_;
  duckdb::shared_ptr<StatementState> state_ = duckdb::make_shared_ptr<StatementState>(nullptr);
  std::map<std::string, std::string> relations_;  // what the view of each reads
  bool is_in_step_ = false;
};

}  // namespace

Result<std::unique_ptr<Workbench>> OpenDuckDbWorkbench(const EngineOptions& options) {
  return DuckDbWorkbench::Open(options);
}

}  // namespace weir::engine
