#include "pipelines/derive/transform_at_work.h"

#include <fmt/format.h>

#include <algorithm>

#include "datasets/directory.h"
#include "odf/chain.h"
#include "pipelines/derive/shown_columns.h"
#include "pipelines/derive/transform_steps.h"

namespace weir::pipelines {
namespace {

class Reading {
 public:
  Reading(const Context& context, datasets::ChainStore& chains, const Cut& cut)
      : context_(context), chains_(chains), cut_(cut) {}

  Result<TransformAtWork> Read(const odf::DatasetId& id) {
    TransformAtWork work{.id = id};
    ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
    ASSIGN_OR_RETURN(work.record, datasets::ReadChainRecord(*snapshot, id));
    RETURN_IF_ERROR(Fill(*snapshot, work));
    ASSIGN_OR_RETURN(work.is_changed_query, IsChanged(id));
    return work;
  }

  Result<TransformAtWork> ReadAt(const odf::DatasetId& id, odf::ChainState chain) {
    TransformAtWork work{.id = id, .is_changed_query = true};
    work.record.chain = std::move(chain);
    ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
    RETURN_IF_ERROR(Fill(*snapshot, work));
    return work;
  }

 private:
  Status Fill(control::Snapshot& snapshot, TransformAtWork& work) {
    const odf::ChainState& chain = work.record.chain;
    if (chain.seed && chain.seed->dataset_kind != odf::DatasetKind::kDerivative) {
      return Invalid("dataset {} is a root: its rows are pulled or pushed", work.id.ToString());
    }
    if (!chain.transform) {
      return Invalid("dataset {} has no transform yet", work.id.ToString())
          .WithHint("add one to its manifest: SetTransform");
    }
    const auto entry = datasets::FindDataset(snapshot, work.id);
    if (!entry && entry.error().code != ErrorCode::kNotFound) return entry.error();
    work.name = entry ? entry->name : work.id.ToString();
    if (entry) work.workspace = entry->workspace;
    if (entry) work.keeps_microseconds = entry->keeps_microseconds;
    ASSIGN_OR_RETURN(work.contract, datasets::ReadContract(snapshot, work.id));
    ASSIGN_OR_RETURN(auto runnable, RunnableOf(*chain.transform));
    work.reads = runnable.reads;
    work.steps = std::move(runnable.steps);
    for (std::size_t i = 0; i < chain.transform->inputs.size(); ++i) {
      ASSIGN_OR_RETURN(InputAtStep input,
                       ReadInput(snapshot, chain.transform->inputs[i], chain.inputs[i]));
      work.inputs.push_back(std::move(input));
    }
    return Hide(work);
  }

  // Columns of the inputs that the transform does not see.
  Status Hide(TransformAtWork& work) {
    ASSIGN_OR_RETURN(const auto shown, ReadShownSchemas(context_, chains_, work.id,
                                                        work.record.chain.sequence_number));
    for (InputAtStep& input : work.inputs) {
      if (!input.has_schema) continue;
      input.interval.hidden = HiddenColumns(shown, input.interval.id, input.interval.in_force);
    }
    return Ok();
  }

  Result<InputAtStep> ReadInput(control::Snapshot& snapshot, const odf::TransformInput& input,
                                const odf::InputPosition& position) {
    InputAtStep at;
    at.interval.alias = input.alias.value_or(input.dataset_ref);
    at.interval.id = position.dataset_id;
    auto record = datasets::ReadChainRecord(snapshot, position.dataset_id);
    if (!record) return Named(at, std::move(record).error());
    datasets::BlockRow last;
    ASSIGN_OR_RETURN(last, BlockToRead(at, record->chain));
    at.interval.now = {
        .head = last.hash, .sequence_number = last.sequence_number, .vocab = record->chain.vocab};
    at.interval.in_force = std::move(record->chain);
    if (last.hash != at.interval.in_force.head) {
      ASSIGN_OR_RETURN(at.interval.in_force,
                       chains_.InForce(context_, position.dataset_id, last.sequence_number));
      at.interval.now.vocab = at.interval.in_force.vocab;
    }
    at.watermark = last.watermark;
    at.has_schema = at.interval.in_force.schema.has_value();
    RETURN_IF_ERROR(FillEvent(position, at));
    return at;
  }

  Result<datasets::BlockRow> BlockToRead(const InputAtStep& at, const odf::ChainState& chain) {
    const auto wanted = cut_.find(at.interval.id);
    const Multihash head = wanted == cut_.end() ? chain.head.value() : wanted->second;
    return chains_.FindBlock(context_, at.interval.id, head);
  }

  static Error Named(const InputAtStep& at, Error error) {
    error.message = fmt::format("input {}: {}", at.interval.alias, error.message);
    return error;
  }

  Status FillEvent(const odf::InputPosition& position, InputAtStep& at) {
    at.event = {.dataset_id = position.dataset_id,
                .prev_block_hash = position.block_hash,
                .prev_offset = position.offset};
    std::optional<Timestamp> watermark_before;
    if (position.block_hash) {
      const auto before = chains_.FindBlock(context_, position.dataset_id, *position.block_hash);
      if (!before && before.error().code == ErrorCode::kNotFound) {
        return Conflict("input {} has no block {} any more, up to which it was consumed",
                        at.interval.alias, position.block_hash->ToText())
            .WithHint("its history was replaced: weir reset lets the derivative begin again");
      }
      if (!before) return before.error();
      at.interval.last_sequence = before->sequence_number;
      watermark_before = before->watermark;
    }
    if (position.block_hash == at.interval.now.head) return Ok();
    if (at.interval.last_sequence > at.interval.now.sequence_number) return Ok();
    at.event.new_block_hash = at.interval.now.head;
    ASSIGN_OR_RETURN(const auto last, LastOffset(at));
    if (last != position.offset) at.event.new_offset = last;
    at.has_new_watermark = at.watermark != watermark_before;
    at.has_new_data = last != position.offset || at.has_new_watermark;
    return Ok();
  }

  // The last offset of the input at its new block.
  Result<std::optional<std::uint64_t>> LastOffset(const InputAtStep& at) {
    ASSIGN_OR_RETURN(const auto history,
                     datasets::ReadHistory(context_, chains_, at.interval.id, at.interval.now));
    return history ? history->last_offset() : std::nullopt;
  }

  // Whether a transform or a schema was set after the last step.
  Result<bool> IsChanged(const odf::DatasetId& id) {
    datasets::RowPage page;
    for (;;) {
      ASSIGN_OR_RETURN(const auto blocks, chains_.BlocksBack(context_, id, page));
      for (const datasets::BlockRow& block : blocks) {
        if (block.event == odf::ExecuteTransform::kKind) return false;
        const bool is_set =
            block.event == odf::SetTransform::kKind || block.event == odf::SetDataSchema::kKind;
        if (is_set) return true;
      }
      if (blocks.size() < page.limit) return true;
      page.after = blocks.back().sequence_number;
    }
  }

  const Context& context_;
  datasets::ChainStore& chains_;
  const Cut& cut_;
};

}  // namespace

bool TransformAtWork::can_run() const {
  return std::ranges::all_of(inputs, &InputAtStep::has_schema);
}

// Another query of batches is for those that come: what it would have given before is not asked.
bool TransformAtWork::has_news() const {
  return (is_changed_query && !is_by_batch()) ||
         std::ranges::any_of(inputs, &InputAtStep::has_new_data);
}

std::optional<Timestamp> TransformAtWork::new_watermark() const {
  const std::optional<Timestamp>& before = record.chain.watermark;
  std::optional<Timestamp> least;
  for (const InputAtStep& input : inputs) {
    if (!input.watermark) return before;
    least = least ? std::min(*least, *input.watermark) : *input.watermark;
  }
  return std::max(before, least);
}

WatermarkRange TransformAtWork::allowed_watermarks() const {
  if (!is_by_batch() || std::ranges::all_of(inputs, &InputAtStep::has_new_watermark)) {
    return {new_watermark(), new_watermark()};
  }
  WatermarkRange range{record.chain.watermark, record.chain.watermark};
  for (const InputAtStep& input : inputs) range.most = std::max(range.most, input.watermark);
  return range;
}

Result<TransformAtWork> ReadTransformAtWork(const Context& context, datasets::ChainStore& chains,
                                            const odf::DatasetId& id, const Cut& cut) {
  return Reading(context, chains, cut).Read(id);
}

Result<TransformAtWork> ReadTransformAt(const Context& context, datasets::ChainStore& chains,
                                        const odf::DatasetId& id, odf::ChainState chain,
                                        const Cut& cut) {
  return Reading(context, chains, cut).ReadAt(id, std::move(chain));
}

}  // namespace weir::pipelines
