#pragma once

#include <functional>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/verify.h"
#include "pipelines/derive/derive.h"

namespace weir::pipelines {

/// What was verified of a dataset and all it comes from.
struct VerifiedGraph {
  std::uint64_t datasets = 0;
  std::uint64_t steps = 0;      ///< of derivatives, computed again
  datasets::Verified all = {};  ///< of all of them together
};

/// Verifies the datasets that `id` is computed from, those that they are computed from, and then
/// itself: each as datasets::Verify does, and of derivatives every step is computed again. Errors
/// name the dataset; kNotFound an input that is not in this home.
Result<VerifiedGraph> VerifyRecursively(
    const Context& context, datasets::ChainStore& chains, Deriver& deriver,
    const odf::DatasetId& id, const datasets::VerifyOptions& options,
    const std::function<void(const VerifiedGraph&)>& on_progress);

}  // namespace weir::pipelines
