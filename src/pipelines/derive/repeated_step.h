#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "base/stream.h"
#include "datasets/index_rows.h"
#include "pipelines/derive/step_rows.h"
#include "pipelines/derive/transform_at_work.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {

/// How far an input had come at the block up to which a step read it.
struct InputEnd {
  std::string alias = {};
  std::optional<std::uint64_t> last_offset = {};
};

/// A step of a derivative that was computed again, beside the one that its block tells of.
struct RepeatedStep {
  odf::ExecuteTransform event = {};
  odf::SetVocab vocab = {};
  std::optional<slices::WrittenSlice> computed = {};  ///< none: its inputs give no change
  WatermarkRange watermarks = {};                     ///< that its inputs may give
  std::vector<InputEnd> inputs = {};                  ///< as `event` has them

  /// The same rows under the same offsets.
  bool is_same() const;
};

/// Computes the step of `block` again into `sink`, with the transform that was in force and at the
/// blocks of the inputs that it names. It reads the slices of the inputs, and those that the
/// derivative had before the step.
Result<RepeatedStep> RepeatStep(const Context& context, const StepPlace& place,
                                const odf::DatasetId& dataset, const datasets::BlockRow& block,
                                ByteSink& sink);

}  // namespace weir::pipelines
