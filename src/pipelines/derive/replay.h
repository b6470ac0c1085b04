#pragma once

#include <functional>

#include "base/context.h"
#include "base/result.h"
#include "pipelines/derive/derive.h"
#include "pipelines/derive/step_rows.h"
#include "pipelines/scratch_file.h"

namespace weir::pipelines {

struct ReplayPlace {
  StepPlace rows;
  ScratchPlace scratch;
};

/// As Deriver::Replay.
Result<Replayed> ReplaySteps(const Context& context, const ReplayPlace& place,
                             const odf::DatasetId& dataset,
                             const std::function<void(const Replayed&)>& on_step);

}  // namespace weir::pipelines
