#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// Where a dataset that was not made here comes from.
struct Origin {
  std::string url = {};  ///< of the repository; `weir pull NAME` asks there again
  /// Whether its sources may run here: what a stranger's chain tells to fetch or to execute is not
  /// done until somebody said so (`weir trust`).
  bool trusted = false;

  bool operator==(const Origin&) const = default;
};

/// nullopt: the dataset was made here.
Result<std::optional<Origin>> FindOrigin(control::Snapshot& snapshot, const odf::DatasetId& id);
Status PutOrigin(control::Transaction& transaction, const odf::DatasetId& id, const Origin& origin);

/// Whether sources of the dataset may run: it was made here, or is trusted.
Result<bool> IsTrusted(control::Snapshot& snapshot, const odf::DatasetId& id);

}  // namespace weir::datasets
