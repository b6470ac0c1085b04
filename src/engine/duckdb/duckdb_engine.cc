#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>

#include <duckdb.hpp>
#include <duckdb/catalog/catalog_search_path.hpp>
#include <duckdb/common/arrow/arrow_converter.hpp>
#include <duckdb/main/client_data.hpp>
#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/main/stream_query_result.hpp>
#include <duckdb/parser/parser.hpp>

#include "engine/duckdb/errors.h"
#include "engine/duckdb/governed_catalog.h"
#include "engine/duckdb/slice_scan.h"
#include "engine/duckdb/statement_state.h"
#include "engine/duckdb/weir_files.h"
#include "engine/engine.h"

namespace weir::engine {
namespace {

constexpr std::size_t kBatchRows = 122'880;  // DuckDB's row group: conversion is paid once for many

std::string Quoted(const std::string& text) {
  return "'" + duckdb::StringUtil::Replace(text, "'", "''") + "'";
}

Status RunSetting(duckdb::Connection& connection, const std::string& sql) {
  const auto result = connection.Query(sql);
  if (result->HasError()) return FromDuckDb(result->GetErrorObject());
  return Ok();
}

// The rows of one statement, on a connection of its own.
class DuckDbRows final : public RowStream {
 public:
  DuckDbRows(Context context, std::unique_ptr<duckdb::Connection> connection)
      : context_(std::move(context)), connection_(std::move(connection)) {}

  ~DuckDbRows() override {
    // The result holds on to the connection, and what it scans to the statement's state.
    result_.reset();
    connection_->context->registered_state->Remove(StatementState::kKey);
  }

  Status Start(const std::string& sql) {
    return WithoutExceptions([&]() -> Status {
      duckdb::vector<duckdb::unique_ptr<duckdb::SQLStatement>> statements =
          connection_->ExtractStatements(sql);
      if (statements.size() != 1) {
        return Invalid("one statement was expected, {} were given", statements.size());
      }
      const auto type = statements[0]->type;
      if (type != duckdb::StatementType::SELECT_STATEMENT &&
          type != duckdb::StatementType::EXPLAIN_STATEMENT) {
        return Denied("only queries run here").WithHint("SELECT, VALUES, DESCRIBE, SHOW, EXPLAIN");
      }
      auto pending = connection_->PendingQuery(
          std::move(statements[0]),
          duckdb::QueryParameters(duckdb::QueryResultOutputType::ALLOW_STREAMING));
      if (pending->HasError()) return FromDuckDb(pending->GetErrorObject());
      RETURN_IF_ERROR(RunUntilRowsCome(*pending));
      result_ = pending->Execute();
      if (result_->HasError()) return FromDuckDb(result_->GetErrorObject());
      return MakeSchema();
    });
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    return WithoutExceptions([&]() -> Result<std::shared_ptr<arrow::RecordBatch>> {
      ASSIGN_OR_RETURN(auto rows, FetchChunk());
      while (rows && rows->size() < kBatchRows) {
        ASSIGN_OR_RETURN(const auto more, FetchChunk());
        if (!more) break;
        rows->Append(*more, true);
      }
      if (!rows) return std::shared_ptr<arrow::RecordBatch>();
      return ToArrow(*rows);
    });
  }

 private:
  // The next rows as they come, null at the end; a result that has ended must not be asked again.
  Result<duckdb::unique_ptr<duckdb::DataChunk>> FetchChunk() {
    if (ended_) return duckdb::unique_ptr<duckdb::DataChunk>();
    RETURN_IF_ERROR(context_.Check());
    auto chunk = result_->Fetch();
    if (result_->HasError()) return FromDuckDb(result_->GetErrorObject());
    ended_ = !chunk || chunk->size() == 0;
    if (ended_) chunk.reset();
    return chunk;
  }

  Status RunUntilRowsCome(duckdb::PendingQueryResult& pending) {
    for (;;) {
      const auto state = pending.ExecuteTask();
      if (duckdb::PendingQueryResult::IsResultReady(state)) break;
      if (const Status wanted = context_.Check(); !wanted) {
        connection_->Interrupt();
        return wanted;
      }
    }
    if (pending.HasError()) return FromDuckDb(pending.GetErrorObject());
    return Ok();
  }

  Status MakeSchema() {
    ArrowSchema exported;
    duckdb::ArrowConverter::ToArrowSchema(&exported, result_->types, result_->names,
                                          result_->client_properties);
    auto imported = arrow::ImportSchema(&exported);
    if (!imported.ok()) return Internal("a result schema: {}", imported.status().ToString());
    schema_ = std::move(imported).ValueUnsafe();
    return Ok();
  }

  Result<std::shared_ptr<arrow::RecordBatch>> ToArrow(duckdb::DataChunk& chunk) {
    ArrowArray exported;
    duckdb::ArrowConverter::ToArrowArray(chunk, &exported, result_->client_properties, {});
    auto imported = arrow::ImportRecordBatch(&exported, schema_);
    if (!imported.ok()) return Internal("result rows: {}", imported.status().ToString());
    return std::move(imported).ValueUnsafe();
  }

  Context context_;
  std::unique_ptr<duckdb::Connection> connection_;
  duckdb::unique_ptr<duckdb::QueryResult> result_;
  std::shared_ptr<arrow::Schema> schema_;
  bool ended_ = false;
};

class DuckDbEngine final : public Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(const EngineOptions& options) {
    return WithoutExceptions([&]() -> Result<std::unique_ptr<Engine>> {
      duckdb::DBConfig config;
      RegisterGovernedCatalog(config);
      config.SetOptionByName("threads", duckdb::Value::UBIGINT(options.threads));
      config.SetOptionByName("memory_limit", fmt::format("{}B", options.memory_bytes));
      auto engine = std::make_unique<DuckDbEngine>();
      engine->database_ = std::make_unique<duckdb::DuckDB>(nullptr, &config);
      RETURN_IF_ERROR(engine->LockDown(options));
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
  Status LockDown(const EngineOptions& options) {
    if (std::string(duckdb::DuckDB::LibraryVersion()) != "v1.5.5") {
      return Internal("the engine library is {}, this program was built for v1.5.5",
                      duckdb::DuckDB::LibraryVersion());
    }
    duckdb::Connection connection(*database_);
    RegisterSliceScan(*database_->instance, connection);
    duckdb::FileSystem::GetFileSystem(*database_->instance).RegisterSubSystem(MakeWeirFiles());
    const std::string spill = options.spill_directory.string();
    for (const std::string& setting : {
             fmt::format("ATTACH '' AS {} (TYPE {})", kCatalogName, kCatalogName),
             fmt::format("SET temp_directory={}", Quoted(spill)),
             fmt::format("SET max_temp_directory_size='{}B'", options.spill_bytes),
             std::string("SET allow_community_extensions=false"),
             std::string("SET autoinstall_known_extensions=false"),
             std::string("SET autoload_known_extensions=false"),
             std::string("SET enable_external_file_cache=false"),
             std::string("SET TimeZone='UTC'"),
             std::string("SET allowed_directories=['weir://']"),
             std::string("SET enable_external_access=false"),
             std::string("SET lock_configuration=true"),
         }) {
      RETURN_IF_ERROR(RunSetting(connection, setting));
    }
    return Ok();
  }

  std::unique_ptr<duckdb::DuckDB> database_;
};

}  // namespace

Result<std::unique_ptr<Engine>> OpenDuckDbEngine(const EngineOptions& options) {
  return DuckDbEngine::Open(options);
}

}  // namespace weir::engine
