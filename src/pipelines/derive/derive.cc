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

struct Place {
  datasets::ChainStore& chains;
  datasets::StateStore& states;
  Files& files;
  engine::Workbench& bench;
  const std::filesystem::path& scratch;
  const Clock& clock;
  bool recomputes = false;
};

// One step of one derivative.
class Step {
 public:
  Step(const Context& context, const Place& place, const TransformAtWork& work)
      : context_(context),
        place_(place),
        work_(work),
        system_time_(std::max(place.clock.Now(), work.record.chain.system_time)) {}

  Result<IngestReport> Run() {
    const bool follows = !work_.is_changed_query && !place_.recomputes;
    ASSIGN_OR_RETURN(ChangedEvents events,
                     RowsOfStep(context_, Rows(), work_, follows, system_time_));
    RETURN_IF_ERROR(Write(*events.rows));
    return Commit(events.has_own_event_time);
  }

  Result<DerivePlan> Explain() {
    std::vector<engine::DeltaInput> inputs;
    ASSIGN_OR_RETURN(const engine::DeltaPlan plan,
                     PlanStep(context_, Rows(), work_, false, inputs));
    DerivePlan explained{.keys = plan.keys};
    for (const engine::DeltaStep& step : plan.steps) {
      if (step.way == engine::DeltaWay::kRecompute) explained.recomputed.push_back(step.why);
    }
    explained.is_incremental = explained.recomputed.empty();
    return explained;
  }

 private:
  const odf::ChainState& state() const { return work_.record.chain; }
  StepPlace Rows() const {
    return {.chains = place_.chains, .states = place_.states, .bench = place_.bench};
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
  const Timestamp system_time_;
  std::optional<slices::WrittenSlice> slice_;
  std::optional<std::string> content_;
  std::unique_ptr<datasets::Pin> pin_;
};

}  // namespace

Result<IngestReport> Deriver::Update(const Context& context, const odf::DatasetId& dataset,
                                     const Cut& cut) {
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, dataset));
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const TransformAtWork work,
                     ReadTransformAtWork(context, chains_, dataset, cut));
    const odf::ChainState& chain = work.record.chain;
    if (!work.can_run() || !work.has_news()) {
      return IngestReport{.old_head = *chain.head,
                          .new_head = *chain.head,
                          .last_offset = chain.last_offset,
                          .watermark = chain.watermark};
    }
    RETURN_IF_ERROR(files_.CreateDirectories(options_.scratch));
    ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
    const Place place{.chains = chains_,
                      .states = states_,
                      .files = files_,
                      .bench = *bench,
                      .scratch = options_.scratch,
                      .clock = clock_,
                      .recomputes = options_.recomputes};
    auto report = Step(context, place, work).Run();
    const bool was_late = !report && report.error().code == ErrorCode::kConflict;
    if (!was_late || attempt == kMostAttempts) return report;
  }
}

Result<std::optional<DerivePlan>> Deriver::Explain(const Context& context,
                                                   const odf::DatasetId& dataset) {
  ASSIGN_OR_RETURN(const TransformAtWork work, ReadTransformAtWork(context, chains_, dataset, {}));
  if (!work.can_run()) return std::optional<DerivePlan>();
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  const Place place{.chains = chains_,
                    .states = states_,
                    .files = files_,
                    .bench = *bench,
                    .scratch = options_.scratch,
                    .clock = clock_};
  ASSIGN_OR_RETURN(DerivePlan plan, Step(context, place, work).Explain());
  return std::optional(std::move(plan));
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
