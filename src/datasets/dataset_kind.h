#pragma once

#include <memory>

#include "base/clock.h"
#include "base/rng.h"
#include "resources/kind.h"
#include "secrets/sealer.h"

namespace weir::datasets {

/// What the kind works with; all outlive it. `rng` makes the keys of new datasets, and `sealer`
/// seals them; without one manifests can be read, and not applied.
struct DatasetKindParts {
  const Clock& clock;
  Rng& rng;
  const secrets::Sealer* sealer = nullptr;
};

/// The kind `dataset`: a manifest begins a chain, or brings it to what is declared by appending
/// blocks. The resource keeps only what a chain cannot hold; everything else of it is rendered from
/// the chain (docs/decisions/dataset-resource.md).
std::unique_ptr<resources::Kind> MakeDatasetKind(const DatasetKindParts& parts);

}  // namespace weir::datasets
