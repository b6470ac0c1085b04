#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// What a home knows of a dataset beside its chain.
struct DatasetEntry {
  odf::DatasetId id = {};
  std::string workspace = {};
  std::string name = {};  ///< as it was declared
  /// False: as Kamu, every timestamp that comes in is cut to milliseconds UTC.
  bool keeps_microseconds = false;

  bool operator==(const DatasetEntry&) const = default;
};

/// The form in which names are looked up: lower case, with '_' read as '-'. Two names of one
/// workspace never fold alike.
std::string FoldName(std::string_view name);

/// kNotFound when the workspace has no dataset of that name, in any spelling.
Result<DatasetEntry> FindDataset(control::Snapshot& snapshot, std::string_view workspace,
                                 std::string_view name);
/// kNotFound when no dataset of this home has that id.
Result<DatasetEntry> FindDataset(control::Snapshot& snapshot, const odf::DatasetId& id);

/// The datasets of a workspace in the order of their folded names, those after `after`.
Result<std::vector<DatasetEntry>> ListDatasets(control::Snapshot& snapshot,
                                               std::string_view workspace,
                                               std::optional<std::string> after = {},
                                               std::size_t limit = 1000);

/// The datasets of all workspaces, those after `after` in an order of their own.
Result<std::vector<DatasetEntry>> ListDatasets(control::Snapshot& snapshot,
                                               const std::optional<odf::DatasetId>& after = {},
                                               std::size_t limit = 1000);

/// Whether the workspace has any dataset.
Result<bool> HasDatasets(control::Snapshot& snapshot, std::string_view workspace);

/// Enters a dataset, or changes what is known of it, its name among it. kAlreadyExists names the
/// dataset that has the name already.
Status PutDataset(control::Transaction& transaction, const DatasetEntry& entry);
/// The name is free again; the chain stays.
Status RemoveDataset(control::Transaction& transaction, const odf::DatasetId& id);

}  // namespace weir::datasets
