#include "engine/duckdb/duckdb_rows.h"

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>

#include <duckdb/common/arrow/arrow_converter.hpp>
#include <duckdb/main/pending_query_result.hpp>
#include <duckdb/main/stream_query_result.hpp>
#include <duckdb/parser/parser.hpp>

#include "engine/duckdb/errors.h"
#include "engine/duckdb/statement_state.h"

namespace weir::engine {
namespace {

constexpr std::size_t kBatchRows = 122'880;  // DuckDB's row group: conversion is paid once for many

}  // namespace

DuckDbRows::~DuckDbRows() {
  // The result holds on to the connection, and what it scans to the statement's state.
  result_.reset();
  connection_->context->registered_state->Remove(StatementState::kKey);
}

Status DuckDbRows::Start(const std::string& sql) {
  return WithoutExceptions([&]() -> Status {
    ASSIGN_OR_RETURN(auto statements, Parse(sql));
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
    if (pending->HasError()) return OfStatement(pending->GetErrorObject());
    RETURN_IF_ERROR(RunUntilRowsCome(*pending));
    result_ = pending->Execute();
    if (result_->HasError()) return FromDuckDb(result_->GetErrorObject());
    return MakeSchema();
  });
}

// What the parser throws is a mistake in the statement.
Result<Statements> DuckDbRows::Parse(const std::string& sql) {
  try {
    return connection_->ExtractStatements(sql);
  } catch (const std::exception& thrown) {
    return OfStatement(duckdb::ErrorData(thrown));
  }
}

Result<std::shared_ptr<arrow::RecordBatch>> DuckDbRows::Next() {
  return WithoutExceptions([&]() -> Result<std::shared_ptr<arrow::RecordBatch>> {
    ASSIGN_OR_RETURN(auto rows, FetchChunk());
    if (!rows) return std::shared_ptr<arrow::RecordBatch>();
    duckdb::ArrowAppender batch(result_->types, rows->size(), result_->client_properties, {});
    while (rows) {
      batch.Append(*rows, 0, rows->size(), rows->size());
      if (batch.RowCount() >= kBatchRows) break;
      ASSIGN_OR_RETURN(rows, FetchChunk());
    }
    return ToArrow(batch);
  });
}

// The next rows as they come, null at the end; a result that has ended must not be asked again.
Result<duckdb::unique_ptr<duckdb::DataChunk>> DuckDbRows::FetchChunk() {
  if (ended_) return duckdb::unique_ptr<duckdb::DataChunk>();
  RETURN_IF_ERROR(context_.Check());
  auto chunk = result_->Fetch();
  if (result_->HasError()) return FromDuckDb(result_->GetErrorObject());
  ended_ = !chunk || chunk->size() == 0;
  if (ended_) chunk.reset();
  return chunk;
}

Status DuckDbRows::RunUntilRowsCome(duckdb::PendingQueryResult& pending) {
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

Status DuckDbRows::MakeSchema() {
  ArrowSchema exported;
  duckdb::ArrowConverter::ToArrowSchema(&exported, result_->types, result_->names,
                                        result_->client_properties);
  auto imported = arrow::ImportSchema(&exported);
  if (!imported.ok()) return Internal("a result schema: {}", imported.status().ToString());
  schema_ = std::move(imported).ValueUnsafe();
  return Ok();
}

Result<std::shared_ptr<arrow::RecordBatch>> DuckDbRows::ToArrow(duckdb::ArrowAppender& rows) {
  ArrowArray exported = rows.Finalize();
  auto imported = arrow::ImportRecordBatch(&exported, schema_);
  if (!imported.ok()) return Internal("result rows: {}", imported.status().ToString());
  return std::move(imported).ValueUnsafe();
}

}  // namespace weir::engine
