#pragma once

#include <string>
#include <utility>
#include <vector>

#include "objects/object_store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// The dataset that Kamu wrote (tests/data/odf/kamu-dataset): 9 blocks, 2 slices.
struct GoldenDataset {
  GoldenDataset();

  /// Puts all of it below `prefix`.
  void PutInto(objects::ObjectStore& store, const std::string& prefix = "") const;

  odf::DatasetId id = {};
  std::vector<std::pair<std::string, std::string>> objects = {};  ///< keys and contents
};

}  // namespace weir::datasets
