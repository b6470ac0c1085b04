#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "contracts/check.h"
#include "odf/chain.h"
#include "resources/manifest.h"
#include "resources/problem.h"

// What a manifest says of the checks of its dataset, judged before it is applied.

namespace weir::datasets {

/// Every check that makes no sense is a problem at its place.
void ValidateChecks(const resources::Manifest& manifest, resources::Problems& problems);

/// kInvalid where the checks do not fit the dataset: they name a column that its schema lacks, or
/// would take rows out of a derivative.
Status CheckContractFits(const contracts::Contract& checks, odf::DatasetKind kind,
                         const odf::ChainState& chain);

/// The other datasets that checks read, each with the place of the check in the spec.
std::vector<std::pair<std::string, std::string>> DatasetsInChecks(
    const contracts::Contract& checks);

}  // namespace weir::datasets
