#include "pipelines/derive/derive.h"

#include <algorithm>
#include <memory>

#include "datasets/inherited_tags.h"
#include "datasets/pins.h"
#include "datasets/state_rule.h"
#include "odf/arrow_schema.h"
#include "odf/system_names.h"
#include "pipelines/contracts/checked_append.h"
#include "pipelines/contracts/contract_at_work.h"
#include "pipelines/derive/bad_row.h"
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
  BenchPool& checking;  ///< where checks are asked
  bool recomputes = false;
  engine::NameResolver* tables = nullptr;  ///< for them; null: none is answered
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
    StagedSlice staged(place_.files, place_.scratch);
    RETURN_IF_ERROR(Write(staged));
    contract_.emplace(Subject());
    if (slice_ && !contract_->is_empty()) RETURN_IF_ERROR(Ask(staged));
    if (slice_) RETURN_IF_ERROR(Settle(staged));
    return Commit();
  }

 private:
  const odf::ChainState& state() const { return work_.record.chain; }
  StepPlace Rows() const {
    return {.chains = place_.chains, .states = place_.states, .bench = place_.bench, .kept = kept_};
  }

  ContractSubject Subject() const {
    return {.contract = work_.contract.checks,
            .workspace = work_.workspace,
            .dataset = work_.name,
            .input_name = "what its inputs bring",
            .vocab = state().vocab,
            .has_state = state().has_data,
            .judges_rows = false,
            .has_own_event_time = has_own_event_time_,
            .now = place_.clock.Now(),
            .watermark = work_.new_watermark(),
            .tables = place_.tables};
  }

  // The rows have no name in a repository yet, and get none when a check refuses them.
  Status Ask(const StagedSlice& staged) {
    ASSIGN_OR_RETURN(const auto bench, place_.checking.Borrow(context_));
    ASSIGN_OR_RETURN(const auto file, staged.Open());
    const StagedRows rows{.file = file, .slice = *slice_};
    const auto asked = contract_->Ask(context_, *bench, &rows, std::nullopt);
    if (asked) return Ok();
    if (contract_->refused()) NoteRefusal(context_, place_.chains, work_.id, Results());
    return asked.error();
  }

  datasets::CheckedCommit Results() const {
    return {.time = place_.clock.Now(), .results = contract_->Results()};
  }

  // What is kept of the checks. Without rows they say what they said; what was refused since is
  // over, for it went again.
  Result<std::optional<datasets::CheckedCommit>> Checked() const {
    using Checked = std::optional<datasets::CheckedCommit>;
    if (contract_->is_empty()) return Checked();
    if (slice_) return Checked(Results());
    ASSIGN_OR_RETURN(const auto snapshot, place_.chains.store().Read(context_));
    ASSIGN_OR_RETURN(auto newest, datasets::ReadCheckedCommits(*snapshot, work_.id, 2));
    if (newest.empty() || newest.front().block) return Checked();
    datasets::CheckedCommit commit{.time = place_.clock.Now()};
    if (newest.size() > 1) commit.results = std::move(newest[1].results);
    return Checked(std::move(commit));
  }

  Status Write(StagedSlice& staged) {
    const bool follows = !work_.is_changed_query && !place_.recomputes;
    const Status written = WriteRows(follows, staged);
    if (written || written.error().code != ErrorCode::kInvalid) return written;
    return WithBadRow(context_, Rows(), work_, follows, written.error());
  }

  Status WriteRows(bool follows, StagedSlice& staged) {
    ASSIGN_OR_RETURN(ChangedEvents events,
                     RowsOfStep(context_, Rows(), work_, planned_, follows, system_time_));
    has_own_event_time_ = events.has_own_event_time;
    grown_ = std::move(events.grown);
    const slices::SliceRequest request{
        .start_offset = state().last_offset ? *state().last_offset + 1 : 0,
        .system_time = system_time_,
        .vocab = state().vocab,
        .timestamps = work_.keeps_microseconds ? slices::TimestampForm::kAsGiven
                                               : slices::TimestampForm::kMilliseconds};
    ASSIGN_OR_RETURN(slice_, slices::WriteSlice(context_, *events.rows, request, staged));
    if (state().schema) return Ok();
    // No rows are a result too: what reads this dataset must know its columns.
    ASSIGN_OR_RETURN(columns_, slices::SchemaOfSlice(*events.rows->schema(), request));
    return Ok();
  }

  Status Settle(StagedSlice& staged) {
    if (staged.is_large()) {
      ASSIGN_OR_RETURN(
          pin_, datasets::Pin::Take(context_, place_.chains.store(), work_.id, place_.clock.Now()));
    }
    ASSIGN_OR_RETURN(content_,
                     staged.Settle(context_, place_.chains, work_.id, slice_->slice.physical_hash));
    return Ok();
  }

  Result<IngestReport> Commit() {
    datasets::AppendRequest request{
        .id = work_.id, .expected_head = state().head, .system_time = system_time_};
    RETURN_IF_ERROR(AddSchema(request));
    odf::ExecuteTransform event{.prev_checkpoint = state().checkpoint,
                                .prev_offset = state().last_offset,
                                .new_watermark = work_.new_watermark()};
    for (const InputAtStep& input : work_.inputs) event.query_inputs.push_back(input.event);
    datasets::NewBlock block;
    const std::uint64_t rows = slice_ ? slice_->facts.rows : 0;
    // A block must say something; without one the same inputs are looked at again.
    if (!slice_ && !event.new_watermark) return Append(request, rows);
    if (slice_) {
      event.new_data = slice_->slice;
      block.slice =
          datasets::NewSlice{.facts = std::move(slice_->facts), .content = std::move(content_)};
    }
    block.event = {std::move(event)};
    request.blocks.push_back(std::move(block));
    return Append(request, rows);
  }

  // That of the first result, or with the columns that came.
  Status AddSchema(datasets::AppendRequest& request) const {
    if (state().schema && grown_.empty()) return Ok();
    odf::DataSchema schema;
    if (state().schema) {
      schema = *state().schema;
      schema.fields.insert(schema.fields.end(), grown_.begin(), grown_.end());
    } else {
      ASSIGN_OR_RETURN(schema, odf::DataSchemaOf(*columns_));
      if (!has_own_event_time_) MarkEventTime(schema);
    }
    request.blocks.push_back({.event = {odf::SetDataSchema{.schema = std::move(schema)}}});
    return Ok();
  }

  Result<IngestReport> Append(const datasets::AppendRequest& request, std::uint64_t rows) {
    ASSIGN_OR_RETURN(auto checked, Checked());
    if (request.blocks.empty() && !checked) return Report(work_.record, rows);
    ASSIGN_OR_RETURN(
        const datasets::ChainRecord after,
        AppendChecked(context_, place_.chains, request, work_.contract, std::move(checked)));
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
            .watermark = after.chain.watermark,
            .warnings = contract_->Warnings()};
  }

  const Context& context_;
  const Place& place_;
  const TransformAtWork& work_;
  const PlannedStep& planned_;
  StepStates* const kept_;
  const Timestamp system_time_;
  std::optional<ContractAtWork> contract_;
  bool has_own_event_time_ = false;
  std::vector<odf::DataField> grown_;
  std::optional<slices::WrittenSlice> slice_;
  std::shared_ptr<arrow::Schema> columns_;  ///< null: the chain has a schema
  std::optional<std::string> content_;
  std::unique_ptr<datasets::Pin> pin_;
};

Deriver::Place Deriver::PlaceOn(engine::Workbench& bench, engine::NameResolver* tables) {
  return {.chains = chains_,
          .states = states_,
          .files = files_,
          .bench = bench,
          .scratch = options_.scratch,
          .clock = clock_,
          .checking = beside_,
          .recomputes = options_.recomputes,
          .tables = tables};
}

Result<IngestReport> Deriver::Update(const Context& context, const odf::DatasetId& dataset,
                                     const Cut& cut) {
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, dataset));
  for (int attempt = 1;; ++attempt) {
    ASSIGN_OR_RETURN(const TransformAtWork work,
                     ReadTransformAtWork(context, chains_, dataset, cut));
    // Before the rows: they are never there without the tags of what they are made of.
    RETURN_IF_ERROR(datasets::InheritTags(context, chains_.store(), dataset));
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
  const std::string name = work.is_by_batch() ? std::string() : NameOfPlan(work, inputs);
  ASSIGN_OR_RETURN(auto bench, benches_.Borrow(context, name));
  ASSIGN_OR_RETURN(const PlannedStep planned, PlanStep(context, *bench, work, std::move(inputs),
                                                       bench.left<engine::DeltaPlan>()));
  const auto tables = options_.tables ? options_.tables(context) : nullptr;
  const Place place = PlaceOn(*bench, tables.get());
  if (options_.recomputes || work.is_by_batch())
    return Step(context, place, work, planned, nullptr).Run();
  WorkingState working = working_.Take(work.id, ConsumedBy(work.record.chain));
  StepStates kept(context, *bench, working, working_.most_bytes());
  auto report = Step(context, place, work, planned, &kept).Run();
  if (!report || !report->is_committed) {
    working_.Put(work.id, std::move(working));
    return report;
  }
  if (!kept.Keep()) return report;
  working.consumed = ConsumedAfter(work);
  working.is_on_disk = false;
  working_.Put(work.id, std::move(working));
  if ((*bench).BeginStep()) bench.Leave(name, planned.plan);
  return report;
}

Result<std::optional<DerivePlan>> Deriver::Explain(const Context& context,
                                                   const odf::DatasetId& dataset) {
  ASSIGN_OR_RETURN(const TransformAtWork work, ReadTransformAtWork(context, chains_, dataset, {}));
  if (!work.can_run()) return std::optional<DerivePlan>();
  ASSIGN_OR_RETURN(auto inputs, FindInputs(context, chains_, states_, work));
  ASSIGN_OR_RETURN(const auto bench, beside_.Borrow(context));
  ASSIGN_OR_RETURN(const PlannedStep planned,
                   PlanStep(context, *bench, work, std::move(inputs), nullptr));
  if (work.is_by_batch()) return std::optional(DerivePlan{.is_by_batch = true});
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
