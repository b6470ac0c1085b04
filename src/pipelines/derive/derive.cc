#include "pipelines/derive/derive.h"

#include <algorithm>
#include <memory>

#include "datasets/pins.h"
#include "datasets/state_rule.h"
#include "odf/arrow_schema.h"
#include "odf/system_names.h"
#include "pipelines/derive/rebuild.h"
#include "pipelines/derive/replay.h"
#include "pipelines/derive/step_rows.h"
#include "pipelines/derive/transform_at_work.h"
#include "pipelines/staged_slice.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {
namespace {

// As of Ingestor: each further attempt means one more commit of another process.
constexpr int kMostAttempts = 16;

using Consumed = std::vector<std::optional<Multihash>>;

// The blocks of the inputs that a derivative is at.
Consumed ConsumedBy(const odf::ChainState& chain) {
  Consumed consumed;
  for (const odf::InputPosition& input : chain.inputs) consumed.push_back(input.block_hash);
  return consumed;
}

// Those after a step with `work`.
Consumed ConsumedAfter(const TransformAtWork& work) {
  Consumed consumed;
  for (const InputAtStep& input : work.inputs) {
    const auto& fresh = input.event.new_block_hash;
    consumed.push_back(fresh ? fresh : input.event.prev_block_hash);
  }
  return consumed;
}

IngestReport NothingNew(const odf::ChainState& chain) {
  return {.old_head = *chain.head,
          .new_head = *chain.head,
          .last_offset = chain.last_offset,
          .watermark = chain.watermark};
}

}  // namespace

struct Deriver::Place {
  datasets::ChainStore& chains;
  datasets::StateStore& states;
  Files& files;
  engine::Workbench& bench;
  const std::filesystem::path& scratch;
  const Clock& clock;
  bool recomputes = false;
};

// One step of one derivative.
class Deriver::Step {
 public:
  // `kept` may be null.
  Step(const Context& context, const Place& place, const TransformAtWork& work,
       const PlannedStep& planned, StepStates* kept)
      : context_(context),
        place_(place),
        work_(work),
        planned_(planned),
        kept_(kept),
        system_time_(std::max(place.clock.Now(), work.record.chain.system_time)) {}

  Result<IngestReport> Run() {
    const bool follows = !work_.is_changed_query && !place_.recomputes;
    ASSIGN_OR_RETURN(ChangedEvents events,
                     RowsOfStep(context_, Rows(), work_, planned_, follows, system_time_));
    RETURN_IF_ERROR(Write(*events.rows));
    return Commit(events.has_own_event_time);
  }

 private:
  const odf::ChainState& state() const { return work_.record.chain; }
  StepPlace Rows() const {
    return {.chains = place_.chains, .states = place_.states, .bench = place_.bench, .kept = kept_};
  }

  Status Write(engine::RowStream& rows) {
    StagedSlice staged(place_.files, place_.scratch);
    ASSIGN_OR_RETURN(
        auto written,
        slices::WriteSlice(
            context_, rows,
            {.start_offset = state().last_offset ? *state().last_offset + 1 : 0,
             .system_time = system_time_,
             .vocab = state().vocab,
             .timestamps = work_.keeps_microseconds ? slices::TimestampForm::kAsGiven
                                                    : slices::TimestampForm::kMilliseconds},
            staged));
    if (!written) return Ok();
    if (staged.is_large()) {
      ASSIGN_OR_RETURN(
          pin_, datasets::Pin::Take(context_, place_.chains.store(), work_.id, place_.clock.Now()));
    }
    slice_ = std::move(*written);
    ASSIGN_OR_RETURN(content_, staged.Settle(context_, place_.chains.RepositoryOf(work_.id),
                                             slice_->slice.physical_hash));
    return Ok();
  }

  // The smallest of the inputs', once all have one; never less than before.
  std::optional<Timestamp> Watermark() const {
    std::optional<Timestamp> least;
    for (const InputAtStep& input : work_.inputs) {
      if (!input.watermark) return state().watermark;
      least = least ? std::min(*least, *input.watermark) : *input.watermark;
    }
    return std::max(state().watermark, least);
  }

  Result<IngestReport> Commit(bool has_own_event_time) {
    datasets::AppendRequest request{
        .id = work_.id, .expected_head = state().head, .system_time = system_time_};
    if (slice_ && !state().schema) {
      ASSIGN_OR_RETURN(auto schema, odf::DataSchemaOf(*slice_->schema));
      if (!has_own_event_time) MarkEventTime(schema);
      request.blocks.push_back({.event = {odf::SetDataSchema{.schema = std::move(schema)}}});
    }
    odf::ExecuteTransform event{.prev_checkpoint = state().checkpoint,
                                .prev_offset = state().last_offset,
                                .new_watermark = Watermark()};
    for (const InputAtStep& input : work_.inputs) event.query_inputs.push_back(input.event);
    datasets::NewBlock block;
    const std::uint64_t rows = slice_ ? slice_->facts.rows : 0;
    // A block must say something; without one the same inputs are looked at again.
    if (!slice_ && !event.new_watermark) return Report(work_.record, rows);
    if (slice_) {
      event.new_data = slice_->slice;
      block.slice =
          datasets::NewSlice{.facts = std::move(slice_->facts), .content = std::move(content_)};
    }
    block.event = {std::move(event)};
    request.blocks.push_back(std::move(block));
    ASSIGN_OR_RETURN(const datasets::ChainRecord after, place_.chains.Append(context_, request));
    return Report(after, rows);
  }

  void MarkEventTime(odf::DataSchema& schema) const {
    const odf::SystemNames names(state().vocab);
    const auto field = std::ranges::find(schema.fields, names.event_time, &odf::DataField::name);
    if (field == schema.fields.end()) return;
    field->extra = odf::ExtraAttributes{.entries = datasets::kEventTimeIsSystemTime};
  }

  IngestReport Report(const datasets::ChainRecord& after, std::uint64_t rows) const {
    return {.is_committed = after.chain.head != state().head,
            .rows = rows,
            .old_head = *state().head,
            .new_head = *after.chain.head,
            .last_offset = after.chain.last_offset,
            .watermark = after.chain.watermark};
  }

  const Context& context_;
  const Place& place_;
  const TransformAtWork& work_;
  const PlannedStep& planned_;
  StepStates* const kept_;
  const Timestamp system_time_;
  std::optional<slices::WrittenSlice> slice_;
  std::optional<std::string> content_;
  std::unique_ptr<datasets::Pin> pin_;
};

Deriver::Place Deriver::PlaceOn(engine::Workbench& bench) {
  return {.chains = chains_,
          .states = states_,
          .files = files_,
          .bench = bench,
          .scratch = options_.scratch,
          .clock = clock_,
          .recomputes = options_.recomputes};
}

Result<IngestReport> Deriver::Update(const Context& context, const odf::DatasetId& dataset,
                                     const Cut& cut) {
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, dataset));
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const TransformAtWork work,
                     ReadTransformAtWork(context, chains_, dataset, cut));
    if (!work.can_run() || !work.has_news()) return NothingNew(work.record.chain);
    RETURN_IF_ERROR(files_.CreateDirectories(options_.scratch));
    auto report = TryUpdate(context, work);
    const bool was_late = !report && report.error().code == ErrorCode::kConflict;
    if (!was_late || attempt == kMostAttempts) return report;
  }
}

// What is kept of groups is put back as it was when nothing is committed.
Result<IngestReport> Deriver::TryUpdate(const Context& context, const TransformAtWork& work) {
  ASSIGN_OR_RETURN(auto inputs, FindInputs(context, chains_, states_, work));
  const std::string name = NameOfPlan(work, inputs);
  ASSIGN_OR_RETURN(auto bench, benches_.Borrow(context, name));
  ASSIGN_OR_RETURN(const PlannedStep planned, PlanStep(context, *bench, work, std::move(inputs),
                                                       bench.left<engine::DeltaPlan>()));
  const Place place = PlaceOn(*bench);
  if (options_.recomputes) return Step(context, place, work, planned, nullptr).Run();
  WorkingState working = working_.Take(work.id, ConsumedBy(work.record.chain));
  StepStates kept(context, *bench, working, working_.most_bytes());
  auto report = Step(context, place, work, planned, &kept).Run();
  if (!report || !report->is_committed) {
    working_.Put(work.id, std::move(working));
    return report;
  }
  if (!kept.Keep()) return report;
  working.consumed = ConsumedAfter(work);
  working_.Put(work.id, std::move(working));
  if ((*bench).BeginStep()) bench.Leave(name, planned.plan);
  return report;
}

Result<std::optional<DerivePlan>> Deriver::Explain(const Context& context,
                                                   const odf::DatasetId& dataset) {
  ASSIGN_OR_RETURN(const TransformAtWork work, ReadTransformAtWork(context, chains_, dataset, {}));
  if (!work.can_run()) return std::optional<DerivePlan>();
  ASSIGN_OR_RETURN(auto inputs, FindInputs(context, chains_, states_, work));
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  ASSIGN_OR_RETURN(const PlannedStep planned,
                   PlanStep(context, *bench, work, std::move(inputs), nullptr));
  DerivePlan explained{.keys = planned.plan->keys};
  for (const engine::DeltaStep& step : planned.plan->steps) {
    if (step.way == engine::DeltaWay::kRecompute) explained.recomputed.push_back(step.why);
  }
  explained.is_incremental = explained.recomputed.empty();
  return std::optional(std::move(explained));
}

Status Deriver::Rebuild(const Context& context, const odf::DatasetId& dataset,
                        const std::vector<datasets::LostSlice>& lost,
                        const std::function<void(const odf::DataSlice&)>& on_slice) {
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, dataset));
  RETURN_IF_ERROR(files_.CreateDirectories(options_.scratch));
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  return RebuildSlices(context,
                       {.rows = {.chains = chains_, .states = states_, .bench = *bench},
                        .scratch = {.files = files_, .directory = options_.scratch}},
                       dataset, lost, on_slice);
}

Result<Replayed> Deriver::Replay(const Context& context, const odf::DatasetId& dataset,
                                 const std::function<void(const Replayed&)>& on_step) {
  RETURN_IF_ERROR(files_.CreateDirectories(options_.scratch));
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  return ReplaySteps(context,
                     {.rows = {.chains = chains_, .states = states_, .bench = *bench},
                      .scratch = {.files = files_, .directory = options_.scratch}},
                     dataset, on_step);
}

}  // namespace weir::pipelines
