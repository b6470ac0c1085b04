#include "pipelines/derive/repeated_step.h"

#include "odf/codec.h"
#include "pipelines/derive/transform_steps.h"

namespace weir::pipelines {
namespace {

// The last record of an input at the block that is to be read.
std::optional<std::uint64_t> LastOffsetOf(const InputAtStep& input) {
  return input.event.new_offset ? input.event.new_offset : input.event.prev_offset;
}

// The derivative before the step, and its inputs as they are at the blocks that `event` names.
Result<TransformAtWork> WorkOf(const Context& context, datasets::ChainStore& chains,
                               const odf::DatasetId& dataset, const datasets::BlockRow& block,
                               const odf::ExecuteTransform& event) {
  Cut cut;
  for (const odf::ExecuteTransformInput& input : event.query_inputs) {
    const auto& hash = input.new_block_hash ? input.new_block_hash : input.prev_block_hash;
    if (hash) cut[input.dataset_id] = *hash;
  }
  ASSIGN_OR_RETURN(const datasets::BlockRow before,
                   chains.FindBlock(context, dataset, block.sequence_number - 1));
  ASSIGN_OR_RETURN(odf::ChainState chain, chains.InForce(context, dataset, before.sequence_number));
  chain.head = before.hash;
  chain.sequence_number = before.sequence_number;
  chain.watermark = before.watermark;
  chain.has_data = event.prev_offset.has_value();
  chain.last_offset = event.prev_offset;
  chain.inputs.clear();
  const bool is_by_batch =
      chain.transform && ReadsOf(*chain.transform) == engine::TransformReads::kBatches;
  for (const odf::ExecuteTransformInput& input : event.query_inputs) {
    odf::InputPosition position{.dataset_id = input.dataset_id};
    // Else what was consumed before does not matter: nothing is followed.
    if (is_by_batch) {
      position.block_hash = input.prev_block_hash;
      position.offset = input.prev_offset;
    }
    chain.inputs.push_back(std::move(position));
  }
  return ReadTransformAt(context, chains, dataset, std::move(chain), cut);
}

}  // namespace

bool RepeatedStep::is_same() const {
  if (!computed || !event.new_data) return !computed && !event.new_data;
  return computed->slice.logical_hash == event.new_data->logical_hash &&
         computed->slice.offset_interval == event.new_data->offset_interval;
}

Result<RepeatedStep> RepeatStep(const Context& context, const StepPlace& place,
                                const odf::DatasetId& dataset, const datasets::BlockRow& block,
                                ByteSink& sink) {
  ASSIGN_OR_RETURN(const Bytes bytes, place.chains.ReadBlock(context, dataset, block));
  ASSIGN_OR_RETURN(odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
  RepeatedStep step{.event = std::get<odf::ExecuteTransform>(std::move(decoded.block.event.value))};
  ASSIGN_OR_RETURN(TransformAtWork work, WorkOf(context, place.chains, dataset, block, step.event));
  step.vocab = work.record.chain.vocab;
  step.watermarks = work.allowed_watermarks();
  for (std::size_t i = 0; i < work.inputs.size(); ++i) {
    InputAtStep& input = work.inputs[i];
    step.inputs.push_back({.alias = input.interval.alias, .last_offset = LastOffsetOf(input)});
    if (work.is_by_batch()) input.event = step.event.query_inputs[i];
  }
  RETURN_IF_ERROR(place.bench.Clear());
  ASSIGN_OR_RETURN(auto inputs, FindInputs(context, place.chains, place.states, work));
  ASSIGN_OR_RETURN(const PlannedStep planned,
                   PlanStep(context, place.bench, work, std::move(inputs), nullptr));
  ASSIGN_OR_RETURN(const ChangedEvents rows,
                   RowsOfStep(context, place, work, planned, false, block.system_time));
  ASSIGN_OR_RETURN(
      step.computed,
      slices::WriteSlice(
          context, *rows.rows,
          {.start_offset = step.event.prev_offset ? *step.event.prev_offset + 1 : 0,
           .system_time = block.system_time,
           .vocab = step.vocab,
           .timestamps = work.keeps_microseconds ? slices::TimestampForm::kAsGiven
                                                 : slices::TimestampForm::kMilliseconds},
          sink));
  return step;
}

}  // namespace weir::pipelines
