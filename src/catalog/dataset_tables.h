#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/multihash.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/directory.h"
#include "datasets/state_rule.h"
#include "datasets/state_store.h"
#include "engine/engine.h"

namespace weir::catalog {

/// A name that stands for one dataset in one statement, at one block.
struct PinnedDataset {
  std::string alias = {};
  odf::DatasetId id = {};
  std::optional<Multihash> head = {};  ///< none: as it is now
};

/// A dataset that a statement read, and at which block.
struct UsedDataset {
  std::string alias = {};  ///< as the statement named it
  odf::DatasetId id = {};
  Multihash head = {};
};

/// The datasets of a home as tables, for one statement: NAME is the state of a dataset,
/// NAME$history all its events with the system columns, NAME$blocks its chain. The schema is the
/// workspace; names are found in any spelling that folds alike (datasets/directory.h). The schema
/// `system` has tables of its own (system_tables.h), and hides a workspace of that name.
///
/// AT (TIMESTAMP => t) is the newest block with a system time up to t, AT (VERSION => x) the block
/// with that hash or sequence number. A statement sees each dataset at one head, however often and
/// under whatever form it names it.
///
/// One thread at a time; outlives the statement's rows, and `chains` and `states` outlive
/// it.
class DatasetTables final : public engine::NameResolver {
 public:
  DatasetTables(Context context, datasets::ChainStore& chains, datasets::StateStore& states,
                std::vector<PinnedDataset> pinned = {});

  Result<std::optional<engine::ResolvedTable>> Resolve(
      const engine::TableName& table, const std::optional<engine::AtClause>& at) override;
  Result<std::optional<engine::ResolvedTable>> Outline(const engine::TableName& table) override;
  Result<bool> HasSchema(const std::string& schema) override;
  Result<std::vector<std::string>> ListSchemas() override;
  Result<std::vector<std::string>> ListTables(const std::string& schema) override;

  /// What was resolved so far, each dataset once.
  std::vector<UsedDataset> used() const;

 private:
  struct Found {
    odf::DatasetId id;
    datasets::ChainRecord record;
  };
  struct Point;

  Result<std::optional<odf::DatasetId>> Find(const std::string& workspace, const std::string& name);
  Result<std::optional<Found>> FindAt(const engine::TableName& table, const std::string& name);
  Result<Point> PointOf(const Found& found, const std::optional<engine::AtClause>& at);
  Result<datasets::StateEvents> Events(const Found& found, const Point& point,
                                       const datasets::StateRule& rule);
  Result<engine::ResolvedTable> State(const Found& found, const Point& point);
  Result<engine::ResolvedTable> HistoryTable(const Found& found, const Point& point);

  const Context context_;
  datasets::ChainStore& chains_;
  datasets::StateStore& states_;
  const std::vector<PinnedDataset> pinned_;
  std::map<odf::DatasetId, datasets::ChainRecord> records_;
  std::map<odf::DatasetId, UsedDataset> used_;
};

}  // namespace weir::catalog
