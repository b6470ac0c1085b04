#include "pipelines/revert/revert.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "datasets/history.h"
#include "datasets/pins.h"
#include "datasets/state_rule.h"
#include "odf/system_names.h"
#include "pipelines/contracts/checked_append.h"
#include "pipelines/contracts/contract_at_work.h"
#include "pipelines/derive/changed_events.h"
#include "pipelines/ingest_input.h"
#include "pipelines/revert/counted_events.h"
#include "pipelines/revert/undone_rows.h"
#include "pipelines/staged_slice.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {
namespace {

// As of Ingestor: each further attempt means one more commit of another process.
constexpr int kMostAttempts = 16;

struct Place {
  datasets::ChainStore& chains;
  Files& files;
  engine::Workbench& bench;
  const std::filesystem::path& scratch;
  const Clock& clock;
  engine::NameResolver* tables = nullptr;  ///< for checks; null: none is answered
};

// One attempt, on top of the chain as it is.
class Revert {
 public:
  Revert(const Context& context, const Place& place, const ChainAtWork& chain,
         const RevertRequest& request)
      : context_(context),
        place_(place),
        chain_(chain),
        request_(request),
        system_time_(std::max(place.clock.Now(), chain.record.chain.system_time)),
        // Rows come back as they were, so none is put aside; and no source said anything new.
        checks_(WithoutQuarantine(WithoutBatch(chain.contract.checks))) {}

  Result<RevertReport> Run() {
    ASSIGN_OR_RETURN(const bool has_events, FindHistory());
    if (!has_events) return Report(chain_.record);
    RETURN_IF_ERROR(CheckRule());
    StagedSlice staged(place_.files, place_.scratch);
    {
      ASSIGN_OR_RETURN(const auto rows, UndoingRows());
      if (request_.is_dry_run) return Count(*rows);
      RETURN_IF_ERROR(Write(*rows, staged));
    }
    if (!slice_) return Report(chain_.record);
    contract_.emplace(Subject());
    if (!contract_->is_empty()) RETURN_IF_ERROR(Ask(staged));
    RETURN_IF_ERROR(Settle(staged));
    return Commit();
  }

 private:
  const odf::ChainState& state() const { return chain_.record.chain; }

  // The events that undo, counted as they go by.
  Result<std::unique_ptr<engine::RowStream>> UndoingRows() {
    const odf::SystemNames names(state().vocab);
    const datasets::StateRule rule = datasets::StateRuleOf(state());
    const bool has_own_event_time = datasets::HasOwnEventTime(state());
    ASSIGN_OR_RETURN(const ChangedRows change,
                     UndoneRows(context_, place_.bench, place_.chains, chain_.id,
                                {.history = *history_,
                                 .names = names,
                                 .rule = rule,
                                 .has_own_event_time = has_own_event_time,
                                 .block = request_.block,
                                 .undo = request_.undo}));
    ASSIGN_OR_RETURN(ChangedEvents events,
                     EventsOfChange(context_, place_.bench, change,
                                    {.vocab = state().vocab,
                                     .schema = state().schema,
                                     .has_own_event_time = has_own_event_time,
                                     .keeps_microseconds = chain_.keeps_microseconds,
                                     .system_time = system_time_}));
    return CountedEvents(std::move(events.rows), counts_);
  }

  ContractSubject Subject() const {
    return {.contract = checks_,
            .workspace = chain_.workspace,
            .dataset = chain_.name,
            .input_name = "the revert",
            .vocab = state().vocab,
            .has_state = state().has_data,
            .key = datasets::StateRuleOf(state()).key,
            .judges_rows = false,
            .now = place_.clock.Now(),
            .watermark = state().watermark,
            .tables = place_.tables};
  }

  std::optional<datasets::CheckedCommit> Checked() const {
    if (contract_->is_empty()) return std::nullopt;
    return datasets::CheckedCommit{.time = place_.clock.Now(), .results = contract_->Results()};
  }

  Status Ask(const StagedSlice& staged) {
    ASSIGN_OR_RETURN(const auto file, staged.Open());
    const StagedRows rows{.file = file, .slice = *slice_};
    const auto asked = contract_->Ask(context_, place_.bench, &rows, std::nullopt);
    return asked ? Ok() : Status(asked.error());
  }

  // False: none of the blocks that are to be undone has rows.
  Result<bool> FindHistory() {
    ASSIGN_OR_RETURN(const datasets::BlockRow block,
                     place_.chains.FindBlock(context_, chain_.id, request_.block));
    const datasets::ReadPoint head{.head = state().head.value(),
                                   .sequence_number = state().sequence_number,
                                   .vocab = state().vocab};
    ASSIGN_OR_RETURN(history_, datasets::ReadHistory(context_, place_.chains, chain_.id, head));
    ASSIGN_OR_RETURN(const auto last, LastSliceAt(state().sequence_number));
    if (request_.undo == Undo::kAllAfter) return last && *last > request_.block;
    ASSIGN_OR_RETURN(const auto at_block, LastSliceAt(request_.block));
    if (at_block == request_.block) return true;
    return Invalid("block {} is {} and added no rows: there is nothing to undo", request_.block,
                   block.event)
        .WithHint("weir log shows the blocks of a dataset");
  }

  // Number of the last block up to `block` that brought rows.
  Result<std::optional<std::uint64_t>> LastSliceAt(std::uint64_t block) const {
    if (!history_) return std::optional<std::uint64_t>();
    ASSIGN_OR_RETURN(const auto offset,
                     datasets::LastOffsetAt(context_, place_.chains, chain_.id, *history_, block));
    if (!offset) return std::optional<std::uint64_t>();
    ASSIGN_OR_RETURN(const datasets::SliceRow slice,
                     place_.chains.FindSlice(context_, chain_.id, *offset));
    return std::optional(slice.sequence_number);
  }

  // Rows that were another state then would not become that one now.
  Status CheckRule() const {
    const bool had_rows = history_->parts.front().first_block <= request_.block;
    if (request_.undo == Undo::kOnly || !had_rows) return Ok();
    ASSIGN_OR_RETURN(const odf::ChainState then,
                     place_.chains.InForce(context_, chain_.id, request_.block));
    if (datasets::StateRuleOf(then) == datasets::StateRuleOf(state())) return Ok();
    return Invalid("at block {} the rows of the dataset had another key than they have now",
                   request_.block)
        .WithHint("go back to a block after the change of its merge strategy");
  }

  Result<RevertReport> Count(engine::RowStream& rows) {
    for (;;) {
      ASSIGN_OR_RETURN(const auto batch, rows.Next());
      if (!batch) return Report(chain_.record);
    }
  }

  Status Write(engine::RowStream& rows, StagedSlice& staged) {
    ASSIGN_OR_RETURN(
        slice_,
        slices::WriteSlice(
            context_, rows,
            {.start_offset = state().last_offset ? *state().last_offset + 1 : 0,
             .system_time = system_time_,
             .vocab = state().vocab,
             .timestamps = chain_.keeps_microseconds ? slices::TimestampForm::kAsGiven
                                                     : slices::TimestampForm::kMilliseconds},
            staged));
    return Ok();
  }

  Status Settle(StagedSlice& staged) {
    if (staged.is_large()) {
      // Until the commit nothing leads to the object.
      ASSIGN_OR_RETURN(pin_, datasets::Pin::Take(context_, place_.chains.store(), chain_.id,
                                                 place_.clock.Now()));
    }
    ASSIGN_OR_RETURN(
        content_, staged.Settle(context_, place_.chains, chain_.id, slice_->slice.physical_hash));
    return Ok();
  }

  // Watermark and source states are what they were: of a revert nothing new is known of the source.
  Result<RevertReport> Commit() {
    datasets::AppendRequest request{
        .id = chain_.id, .expected_head = state().head, .system_time = system_time_};
    datasets::NewBlock block;
    block.event = {odf::AddData{.prev_checkpoint = state().checkpoint,
                                .prev_offset = state().last_offset,
                                .new_data = slice_->slice,
                                .new_watermark = state().watermark}};
    block.slice =
        datasets::NewSlice{.facts = std::move(slice_->facts), .content = std::move(content_)};
    request.blocks.push_back(std::move(block));
    ASSIGN_OR_RETURN(const datasets::ChainRecord after,
                     AppendChecked(context_, place_.chains, request, chain_.contract, Checked()));
    return Report(after);
  }

  RevertReport Report(const datasets::ChainRecord& after) const {
    return {.block = {.is_committed = after.chain.head != state().head,
                      .rows = counts_.rows(),
                      .old_head = *state().head,
                      .new_head = *after.chain.head,
                      .last_offset = after.chain.last_offset,
                      .watermark = after.chain.watermark,
                      .warnings = contract_ ? contract_->Warnings() : std::vector<std::string>()},
            .appended = counts_.appended,
            .retracted = counts_.retracted,
            .corrected = counts_.corrected};
  }

  const Context& context_;
  const Place& place_;
  const ChainAtWork& chain_;
  const RevertRequest& request_;
  const Timestamp system_time_;
  std::shared_ptr<const datasets::History> history_;
  EventCounts counts_;
  const contracts::Contract checks_;
  std::optional<ContractAtWork> contract_;
  std::optional<slices::WrittenSlice> slice_;
  std::optional<std::string> content_;
  std::unique_ptr<datasets::Pin> pin_;
};

}  // namespace

Result<RevertReport> Reverter::Run(const Context& context, const RevertRequest& request) {
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, request.dataset));
  for (int attempt = 1;; ++attempt) {
    const auto chain = ReadChainAtWork(context, chains_, request.dataset);
    if (!chain && chain.error().code == ErrorCode::kInvalid) {
      return Error(chain.error()).WithHint("revert its inputs, and pull it: it follows");
    }
    if (!chain) return chain.error();
    RETURN_IF_ERROR(files_.CreateDirectories(options_.scratch));
    ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
    const auto tables = options_.tables ? options_.tables(context) : nullptr;
    const Place place{.chains = chains_,
                      .files = files_,
                      .bench = *bench,
                      .scratch = options_.scratch,
                      .clock = clock_,
                      .tables = tables.get()};
    auto report = Revert(context, place, *chain, request).Run();
    // A conflict on a chain that has not moved is that of the request.
    const bool was_late = !report && report.error().code == ErrorCode::kConflict;
    if (!was_late || attempt == kMostAttempts) return report;
    ASSIGN_OR_RETURN(const auto now, chains_.Read(context, request.dataset));
    if (now.chain.head == chain->record.chain.head) return report;
  }
}

}  // namespace weir::pipelines
