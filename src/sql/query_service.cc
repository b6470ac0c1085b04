#include "sql/query_service.h"

#include <arrow/api.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace weir::sql {
namespace {

// The same columns, none called as another. Names are compared as the engine does, without case.
std::shared_ptr<arrow::Schema> WithDistinctNames(const std::shared_ptr<arrow::Schema>& schema) {
  const auto lower = [](std::string name) {
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return name;
  };
  std::set<std::string> taken;
  arrow::FieldVector fields;
  bool changed = false;
  for (const auto& field : schema->fields()) {
    std::string name = field->name();
    for (int suffix = 1; !taken.insert(lower(name)).second; ++suffix) {
      name = fmt::format("{}_{}", field->name(), suffix);
      changed = true;
    }
    fields.push_back(field->WithName(name));
  }
  return changed ? arrow::schema(std::move(fields)) : schema;
}

// To whom the statement was asked, an unknown name is a mistake in it.
Error OfStatement(Error error) {
  if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kInvalid;
  return error;
}

bool IsBroken(const Error& error) {
  return error.code == ErrorCode::kInternal &&
         error.message.find("database has been invalidated") != std::string::npos;
}

}  // namespace

Result<std::shared_ptr<arrow::RecordBatch>> Query::Next() {
  while (!left_ || *left_ > 0) {
    ASSIGN_OR_RETURN(auto batch, rows_->Next());
    if (!batch) break;
    const auto rows = static_cast<std::uint64_t>(batch->num_rows());
    const std::uint64_t skipped = std::min(skip_, rows);
    skip_ -= skipped;
    const std::uint64_t taken = std::min(rows - skipped, left_.value_or(rows));
    if (taken == 0) continue;
    if (left_) *left_ -= taken;
    if (taken < rows) {
      batch = batch->Slice(static_cast<std::int64_t>(skipped), static_cast<std::int64_t>(taken));
    }
    if (batch->schema() == schema_) return batch;
    return arrow::RecordBatch::Make(schema_, batch->num_rows(), batch->columns());
  }
  return std::shared_ptr<arrow::RecordBatch>();
}

Result<std::unique_ptr<Query>> QueryService::Run(const Context& context,
                                                 const QueryRequest& request) {
  std::unique_ptr<Query> query(new Query());
  ASSIGN_OR_RETURN(query->engine_, OpenEngine());
  query->tables_ = std::make_unique<catalog::DatasetTables>(context, chains_, request.pinned);
  auto rows = query->engine_->Run(
      context,
      {.sql = request.sql, .default_schema = request.workspace, .resolver = query->tables_.get()});
  if (!rows) {
    if (IsBroken(rows.error())) Forget(query->engine_);
    return OfStatement(std::move(rows).error());
  }
  query->rows_ = *std::move(rows);
  query->schema_ = WithDistinctNames(query->rows_->schema());
  query->skip_ = request.skip;
  query->left_ = request.limit;
  return query;
}

Result<std::shared_ptr<engine::Engine>> QueryService::OpenEngine() {
  const std::lock_guard lock(mutex_);
  if (!engine_) {
    ASSIGN_OR_RETURN(engine_, engine::OpenDuckDbEngine(options_));
  }
  return engine_;
}

// An engine that met a fatal error runs nothing more; its queries end, and the next has a new one.
void QueryService::Forget(const std::shared_ptr<engine::Engine>& broken) {
  const std::lock_guard lock(mutex_);
  if (engine_ == broken) engine_.reset();
}

}  // namespace weir::sql
