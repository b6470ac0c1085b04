#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/check_results.h"
#include "engine/delta_plan.h"
#include "odf/events.h"
#include "pipelines/derive/derive.h"
#include "pipelines/derive/derived_input.h"

namespace weir::pipelines {

/// One input of a step of a derivative: what was consumed, and what is to be.
struct InputAtStep {
  InputInterval interval = {};
  odf::ExecuteTransformInput event = {};    ///< for the block
  std::optional<Timestamp> watermark = {};  ///< of the input at its new block
  bool has_new_watermark = false;
  bool has_schema = false;
  bool has_new_data = false;  ///< slices or a watermark, not just other blocks
};

/// Two ends of what a watermark may be; nullopt: none.
struct WatermarkRange {
  std::optional<Timestamp> least = {};
  std::optional<Timestamp> most = {};

  bool Has(const std::optional<Timestamp>& watermark) const {
    return least <= watermark && watermark <= most;
  }
};

/// A derivative and its inputs as the work on it found them.
struct TransformAtWork {
  odf::DatasetId id = {};
  datasets::ChainRecord record = {};
  bool keeps_microseconds = false;
  std::string workspace = {};
  std::string name = {};  ///< the dataset's; its id where it has none
  datasets::KeptContract contract = {};
  std::vector<InputAtStep> inputs = {};
  engine::TransformReads reads = engine::TransformReads::kStates;
  std::vector<engine::TransformStep> steps = {};
  /// The query, or what of it the dataset takes, is another one than that of the rows that are
  /// there.
  bool is_changed_query = false;

  /// Each step looks at what came since the last one, and at nothing else.
  bool is_by_batch() const { return reads == engine::TransformReads::kBatches; }
  /// Whether all inputs have columns to be read.
  bool can_run() const;
  bool has_news() const;
  /// Of the derivative after its step: the smallest of the inputs', once all have one; never less
  /// than before.
  std::optional<Timestamp> new_watermark() const;
  /// Those that a step which others computed may have: that one. Other engines look, batch by
  /// batch, at the watermarks that came (spec section 10.2); where some input brought none, theirs
  /// may lie anywhere from what it was before up to the greatest of the inputs'.
  WatermarkRange allowed_watermarks() const;
};

/// Errors as Deriver::Update's.
Result<TransformAtWork> ReadTransformAtWork(const Context& context, datasets::ChainStore& chains,
                                            const odf::DatasetId& id, const Cut& cut);

/// The same for `chain`, a derivative as it was at one of its blocks, to compute its next step
/// again: everything counts as changed. Its `inputs` say what was consumed before.
Result<TransformAtWork> ReadTransformAt(const Context& context, datasets::ChainStore& chains,
                                        const odf::DatasetId& id, odf::ChainState chain,
                                        const Cut& cut);

}  // namespace weir::pipelines
