#pragma once

#include <duckdb.hpp>
#include <duckdb/common/arrow/arrow_appender.hpp>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace arrow {
class RecordBatch;
class Schema;
}  // namespace arrow

namespace weir::engine {

using Statements = duckdb::vector<duckdb::unique_ptr<duckdb::SQLStatement>>;

/// The rows of one query, on a connection of its own whose StatementState knows what it may read.
/// Rows come in the order the query gives them, also where many threads make them.
class DuckDbRows final : public RowStream {
 public:
  DuckDbRows(Context context, std::unique_ptr<duckdb::Connection> connection)
      : context_(std::move(context)), connection_(std::move(connection)) {}
  ~DuckDbRows() override;

  /// Parses, binds and runs `sql` until its first rows are there. kDenied when it is no query.
  Status Start(const std::string& sql);

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override;

 private:
  Result<Statements> Parse(const std::string& sql);
  Result<duckdb::unique_ptr<duckdb::DataChunk>> FetchChunk();
  Status RunUntilRowsCome(duckdb::PendingQueryResult& pending);
  Status MakeSchema();
  Result<std::shared_ptr<arrow::RecordBatch>> ToArrow(duckdb::ArrowAppender& rows);

  Context context_;
  std::unique_ptr<duckdb::Connection> connection_;
  duckdb::unique_ptr<duckdb::QueryResult> result_;
  std::shared_ptr<arrow::Schema> schema_;
  bool ended_ = false;
};

}  // namespace weir::engine
