#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "catalog/dataset_tables.h"
#include "datasets/chain_store.h"
#include "engine/engine.h"

namespace weir::sql {

struct QueryRequest {
  std::string sql;
  std::string workspace = "public";                   ///< where names without a schema are found
  std::vector<catalog::PinnedDataset> pinned = {};    ///< names with a meaning of their own
  std::uint64_t skip = 0;                             ///< rows left out at the beginning
  std::optional<std::uint64_t> limit = std::nullopt;  ///< rows given at most
};

/// A statement that runs. Its columns have different names: a second `a` is `a_1`. One thread at a
/// time; destruction abandons the rest.
class Query final : public engine::RowStream {
 public:
  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }
  Result<std::shared_ptr<arrow::RecordBatch>> Next() override;

  /// The datasets it reads, and at which block.
  std::vector<catalog::UsedDataset> used() const { return tables_->used(); }

 private:
  friend class QueryService;
  Query() = default;

  // Destroyed in the reverse order: rows are made by the engine, over the tables.
  std::shared_ptr<engine::Engine> engine_;
  std::unique_ptr<catalog::DatasetTables> tables_;
  std::unique_ptr<engine::RowStream> rows_;
  std::shared_ptr<arrow::Schema> schema_;
  std::uint64_t skip_ = 0;
  std::optional<std::uint64_t> left_;
};

/// Runs queries for the owner of a home, over all its datasets.
///
/// The engine is opened by the first query, not by the constructor. Thread-safe; `chains` outlives
/// it and its queries. Made in server/wiring.cc.
class QueryService {
 public:
  QueryService(datasets::ChainStore& chains, engine::EngineOptions options)
      : chains_(chains), options_(std::move(options)) {}

  /// Starts a statement that gives rows. kInvalid for what does not parse or bind, with its place
  /// and also where a name is unknown; kDenied for what is no query; kExhausted beyond the engine's
  /// memory; kCancelled and kDeadline as the context asks, also later from the rows.
  Result<std::unique_ptr<Query>> Run(const Context& context, const QueryRequest& request);

 private:
  Result<std::shared_ptr<engine::Engine>> OpenEngine();
  void Forget(const std::shared_ptr<engine::Engine>& broken);

  datasets::ChainStore& chains_;
  const engine::EngineOptions options_;
  std::mutex mutex_;
  std::shared_ptr<engine::Engine> engine_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::sql
