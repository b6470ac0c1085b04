#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "control/store.h"
#include "odf/dataset_id.h"
#include "resources/resource_id.h"

namespace weir::datasets {

/// Which chain a version of a `dataset` resource is of, and how long it was then.
struct Applied {
  odf::DatasetId id = {};
  std::uint64_t sequence_number = 0;  ///< of the newest block once the version was applied
  bool is_newest = false;             ///< no later version was applied
};

/// nullopt when that version was not applied to a chain (a deletion, for one).
Result<std::optional<Applied>> FindApplied(control::Snapshot& snapshot,
                                           const resources::ResourceId& resource,
                                           std::int64_t version);

Status PutApplied(control::Transaction& transaction, const resources::ResourceId& resource,
                  std::int64_t version, const Applied& applied);

}  // namespace weir::datasets
