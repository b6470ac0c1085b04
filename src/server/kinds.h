#pragma once

#include "datasets/dataset_kind.h"
#include "resources/kind_registry.h"

namespace weir::server {

/// Adds every kind that this program knows. They refer to `registry`, which outlives them.
void AddKinds(resources::KindRegistry& registry, const datasets::DatasetKindParts& datasets);

}  // namespace weir::server
