#pragma once

#include <functional>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/lost_parts.h"
#include "pipelines/derive/derive.h"
#include "pipelines/derive/step_rows.h"
#include "pipelines/scratch_file.h"

namespace weir::pipelines {

struct RebuildPlace {
  StepPlace rows;
  ScratchPlace scratch;
};

/// As Deriver::Rebuild.
Status RebuildSlices(const Context& context, const RebuildPlace& place,
                     const odf::DatasetId& dataset, const std::vector<datasets::LostSlice>& lost,
                     const std::function<void(const odf::DataSlice&)>& on_slice);

/// What was rebuilt of some derivatives.
struct RebuiltGraph {
  std::uint64_t datasets = 0;  ///< that were looked at
  std::uint64_t checked = 0;   ///< slices of theirs
  std::uint64_t blocks = 0;    ///< that were put back
  std::uint64_t slices = 0;    ///< that were computed again
  std::uint64_t records = 0;   ///< in these
};

/// Puts back what is lost or damaged of the derivatives `ids`: blocks from what the home keeps of
/// them, slices by computing their steps again. A derivative that has lost slices is rebuilt after
/// the derivatives that it reads, whether they are among `ids` or not. What is whole is left as it
/// is, so that a rebuilding that was interrupted goes on where it was.
///
/// kInvalid for a root, which nothing can compute; errors name the dataset and otherwise are as
/// Deriver::Rebuild's.
Result<RebuiltGraph> RebuildGraph(const Context& context, datasets::ChainStore& chains,
                                  Deriver& deriver, const std::vector<odf::DatasetId>& ids,
                                  const std::function<void(const RebuiltGraph&)>& on_progress);

}  // namespace weir::pipelines
