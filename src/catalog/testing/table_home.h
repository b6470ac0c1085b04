#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/dataset_tables.h"
#include "datasets/testing/dataset_home.h"
#include "engine/engine.h"
#include "odf/events.h"

namespace weir::catalog {

/// Datasets of a home whose slices hold rows, and statements over their tables.
class TableHome {
 public:
  TableHome();

  /// As a process that died.
  void Reopen();

  /// A root dataset of that name with one push source.
  odf::DatasetId Create(const std::string& name, odf::MergeStrategy merge,
                        const std::string& workspace = "public");
  /// Its name alone, for the chain that a test begins itself.
  void Enter(const odf::DatasetId& id, const std::string& name, const std::string& workspace);

  /// Commits the rows of `sql` (columns op and event_time, then data) as a block, `second` seconds
  /// after DatasetHome::Second(0); a block with their schema comes before it where it is another
  /// than the last.
  void Add(const odf::DatasetId& id, const std::string& sql, int second = 0);

  /// Rows as text: values separated by a space, each row ended by a line end.
  Result<std::string> Query(const std::string& sql, std::vector<PinnedDataset> pinned = {});

  datasets::DatasetHome& home() { return home_; }
  datasets::ChainStore& chains() { return home_.chains(); }
  datasets::StateStore& states() { return *states_; }
  engine::Engine& engine() { return *engine_; }
  /// What the last Query read.
  const std::vector<UsedDataset>& used() const { return used_; }

 private:
  void OpenStates();

  datasets::DatasetHome home_;
  std::unique_ptr<datasets::StateStore> states_;
  std::unique_ptr<engine::Engine> engine_;
  std::vector<UsedDataset> used_;
  std::uint8_t created_ = 0;
};

/// Merges by the key column `id`.
odf::MergeStrategy UpsertById();
odf::MergeStrategy Ledgered();
odf::MergeStrategy Appending();

}  // namespace weir::catalog
