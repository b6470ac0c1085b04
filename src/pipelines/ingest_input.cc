#include "pipelines/ingest_input.h"

#include <algorithm>
#include <memory>
#include <variant>

#include <fmt/format.h>

#include <functional>

#include "datasets/check_results.h"
#include "datasets/directory.h"
#include "datasets/history.h"
#include "datasets/pins.h"
#include "datasets/quarantine.h"
#include "odf/arrow_schema.h"
#include "pipelines/contracts/contract_at_work.h"
#include "pipelines/merge_input.h"
#include "pipelines/quarantine_block.h"
#include "pipelines/staged_slice.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {
namespace {

// Whether the strategy looks at earlier rows at all.
bool NeedsHistory(const odf::MergeStrategy& merge) {
  return !std::holds_alternative<odf::MergeStrategyAppend>(merge.value) &&
         !std::holds_alternative<odf::MergeStrategyChangelogStream>(merge.value);
}

// The key whose newest rows are all that the strategy looks at; null for one that looks at more.
const std::vector<std::string>* StateKey(const odf::MergeStrategy& merge) {
  if (const auto* snapshot = std::get_if<odf::MergeStrategySnapshot>(&merge.value)) {
    return &snapshot->primary_key;
  }
  const auto* upsert = std::get_if<odf::MergeStrategyUpsertStream>(&merge.value);
  return upsert == nullptr ? nullptr : &upsert->primary_key;
}

// The key whose last event says whether there is a row and which; null where rows are a multiset.
const std::vector<std::string>* KeyOf(const odf::MergeStrategy& merge) {
  const auto* changelog = std::get_if<odf::MergeStrategyChangelogStream>(&merge.value);
  return changelog == nullptr ? StateKey(merge) : &changelog->primary_key;
}

struct NewData {
  slices::WrittenSlice slice;
  std::optional<std::string> content;  ///< of a small one
};

// One input on its way into one chain.
class Ingestion {
 public:
  Ingestion(const Context& context, const IngestPlace& place, const ChainAtWork& chain,
            const InputAtWork& input)
      : context_(context),
        place_(place),
        chain_(chain),
        input_(input),
        // A clock that was put back must not keep a dataset from growing.
        system_time_(std::max(place.clock.Now(), chain.record.chain.system_time)),
        contract_(Subject()) {}

  Result<IngestReport> Run() {
    auto data = WriteWhatHolds();
    if (!data) {
      if (contract_.refused()) NoteRefusal();
      return data.error();
    }
    return Commit(*std::move(data));
  }

 private:
  const odf::ChainState& state() const { return chain_.record.chain; }

  ContractSubject Subject() const {
    const std::vector<std::string>* key = KeyOf(input_.merge);
    return {.contract = chain_.contract.checks,
            .workspace = chain_.workspace,
            .dataset = chain_.name,
            .input_name = input_.name,
            .place = [this](std::uint64_t row) { return PlaceOf(row); },
            .vocab = state().vocab,
            .has_state = state().has_data,
            .key = key == nullptr ? std::vector<std::string>() : *key,
            .now = place_.clock.Now(),
            .watermark = state().watermark,
            .tables = place_.tables};
  }

  std::string PlaceOf(std::uint64_t row) const {
    return input_.place ? input_.place(row) : fmt::format("row {}", row);
  }

  // Until no row is found that is to be put aside.
  Result<std::optional<NewData>> WriteWhatHolds() {
    ASSIGN_OR_RETURN(IngestRequest request, Request());
    // Whether rows come in order only their end tells; most do, and need no sort.
    request.expects_order = true;
    for (;;) {
      StagedSlice staged(place_.files, place_.scratch);
      bool is_ordered = true;
      auto written = Write(request, staged, is_ordered);
      if (!written && !is_ordered) {
        request.expects_order = false;
        continue;
      }
      if (!written) return written.error();
      if (!contract_.is_empty()) {
        ASSIGN_OR_RETURN(const bool again, Ask(request, staged, *written));
        if (again) continue;
      }
      return Settle(staged, *std::move(written));
    }
  }

  Result<bool> Ask(const IngestRequest& request, const StagedSlice& staged,
                   const std::optional<slices::WrittenSlice>& written) {
    std::optional<std::uint64_t> rows = contract_.tally().seen;
    if (contract_.needs_batch_rows()) {
      ASSIGN_OR_RETURN(const auto counted, CountInput(context_, place_.bench, request));
      if (counted) rows = counted;
    }
    if (!written) return contract_.Ask(context_, place_.bench, nullptr, rows);
    ASSIGN_OR_RETURN(auto file, staged.Open());
    const StagedRows slice{.file = std::move(file), .slice = *written};
    return contract_.Ask(context_, place_.bench, &slice, rows);
  }

  Result<IngestRequest> Request() const {
    IngestRequest request{.input = input_.file,
                          .input_name = input_.name,
                          .place = input_.place,
                          .read = input_.read,
                          .preprocess = input_.preprocess,
                          .merge = input_.merge,
                          .vocab = state().vocab,
                          .schema = state().schema,
                          .evolves = input_.evolves,
                          .event_time = input_.event_time.value_or(system_time_),
                          .keeps_microseconds = chain_.keeps_microseconds,
                          .contract = contract_.is_empty() ? nullptr : &chain_.contract.checks,
                          .scratch = place_.scratch};
    if (state().has_data && NeedsHistory(input_.merge)) RETURN_IF_ERROR(AddEarlier(request));
    return request;
  }

  // What the strategy compares with: of a keyed one the kept state, where there is one.
  Status AddEarlier(IngestRequest& request) const {
    const auto* key = StateKey(input_.merge);
    if (key == nullptr) {
      ASSIGN_OR_RETURN(request.history,
                       datasets::HistoryOf(context_, place_.chains, chain_.id, chain_.record));
      return Ok();
    }
    const datasets::ReadPoint point{.head = state().head.value(),
                                    .sequence_number = state().sequence_number,
                                    .vocab = state().vocab};
    ASSIGN_OR_RETURN(const datasets::StateEvents events,
                     place_.states.Read(context_, chain_.id, point, *key));
    request.history = events.source;
    if (events.is_state) request.state = events.source;
    return Ok();
  }

  // nullopt: no rows. `is_ordered` becomes false when it failed because rows were out of order.
  Result<std::optional<slices::WrittenSlice>> Write(const IngestRequest& request,
                                                    StagedSlice& staged, bool& is_ordered) {
    ASSIGN_OR_RETURN(auto rows, MergeInput(context_, place_.bench, request));
    if (!contract_.is_empty()) rows = contract_.Judge(std::move(rows));
    auto written = slices::WriteSlice(
        context_, *rows,
        {.start_offset = state().last_offset ? *state().last_offset + 1 : 0,
         .system_time = system_time_,
         .vocab = state().vocab,
         .timestamps = chain_.keeps_microseconds ? slices::TimestampForm::kAsGiven
                                                 : slices::TimestampForm::kMilliseconds},
        staged);
    if (!written) {
      is_ordered = !(request.expects_order && written.error().code == ErrorCode::kConflict);
    }
    return written;
  }

  Result<std::optional<NewData>> Settle(StagedSlice& staged,
                                        std::optional<slices::WrittenSlice> written) {
    if (!written) return std::optional<NewData>();
    NewData data{.slice = *std::move(written), .content = {}};
    if (staged.is_large()) {
      // Until the commit nothing leads to the object.
      ASSIGN_OR_RETURN(pin_, datasets::Pin::Take(context_, place_.chains.store(), chain_.id,
                                                 place_.clock.Now()));
    }
    ASSIGN_OR_RETURN(data.content, staged.Settle(context_, place_.chains, chain_.id,
                                                 data.slice.slice.physical_hash));
    return std::optional(std::move(data));
  }

  Result<IngestReport> Commit(std::optional<NewData> data) {
    if (input_.check) RETURN_IF_ERROR(input_.check());
    const std::uint64_t rows = data ? data->slice.facts.rows : 0;
    datasets::AppendRequest request{
        .id = chain_.id, .expected_head = state().head, .system_time = system_time_};
    if (data) RETURN_IF_ERROR(AddSchema(*data->slice.schema, request));
    odf::AddData event{.prev_checkpoint = state().checkpoint,
                       .prev_offset = state().last_offset,
                       .new_watermark = state().watermark,
                       .new_source_state = input_.state};
    if (!data && !BringsNewState() && contract_.set_aside().empty()) {
      return Report(chain_.record, rows);
    }
    if (data || BringsNewState()) {
      datasets::NewBlock block;
      if (data) {
        event.new_data = data->slice.slice;
        event.new_watermark = std::max(state().watermark, data->slice.facts.max_event_time);
        block.slice = datasets::NewSlice{.facts = std::move(data->slice.facts),
                                         .content = std::move(data->content)};
      }
      block.event = {std::move(event)};
      request.blocks.push_back(std::move(block));
    }
    ASSIGN_OR_RETURN(const datasets::ChainRecord after, CommitBlocks(request));
    return Report(after, rows);
  }

  // The schema that the first rows bring, or what new columns make of it.
  Status AddSchema(const arrow::Schema& written, datasets::AppendRequest& request) const {
    if (state().schema && !input_.evolves) return Ok();
    ASSIGN_OR_RETURN(auto schema, odf::DataSchemaOf(written));
    if (state().schema) {
      odf::DataSchema evolved = *state().schema;
      for (odf::DataField& field : schema.fields) {
        const auto known = std::ranges::find(evolved.fields, field.name, &odf::DataField::name);
        if (known == evolved.fields.end()) evolved.fields.push_back(std::move(field));
      }
      if (input_.evolved_source) request.blocks.push_back({.event = {*input_.evolved_source}});
      if (evolved == *state().schema) return Ok();
      schema = std::move(evolved);
    }
    request.blocks.push_back({.event = {odf::SetDataSchema{.schema = std::move(schema)}}});
    return Ok();
  }

  // The blocks, the rows in quarantine and what came of the checks: all of it or nothing.
  Result<datasets::ChainRecord> CommitBlocks(const datasets::AppendRequest& request) {
    if (contract_.is_empty()) return AppendUnchecked(request);
    QuarantineBlock quarantine;
    if (!contract_.set_aside().empty()) {
      ASSIGN_OR_RETURN(quarantine, Quarantine());
    }
    datasets::CheckedCommit commit{.time = place_.clock.Now(), .results = contract_.Results()};
    return Transact([&](control::Transaction& transaction) -> Result<datasets::ChainRecord> {
      ASSIGN_OR_RETURN(auto after, datasets::AppendBlocks(transaction, request));
      if (!quarantine.request.blocks.empty()) {
        const auto put_aside = datasets::AppendBlocks(transaction, quarantine.request);
        if (!put_aside) return put_aside.error();
      }
      commit.block = after.chain.head;
      RETURN_IF_ERROR(datasets::PutCheckedCommit(transaction, chain_.id, commit));
      return after;
    });
  }

  // Rows that were asked nothing are no rows to commit when there is something to ask by now.
  Result<datasets::ChainRecord> AppendUnchecked(const datasets::AppendRequest& request) {
    return Transact([&](control::Transaction& transaction) {
      return datasets::AppendBlocks(transaction, request);
    });
  }

  Result<datasets::ChainRecord> Transact(
      const std::function<Result<datasets::ChainRecord>(control::Transaction&)>& append) {
    datasets::ChainRecord record;
    const auto revision =
        place_.chains.store().Transact(context_, [&](control::Transaction& transaction) -> Status {
          RETURN_IF_ERROR(datasets::CheckContractHolds(transaction, chain_.id, chain_.contract));
          ASSIGN_OR_RETURN(record, append(transaction));
          return Ok();
        });
    if (!revision) return revision.error();
    return record;
  }

  Result<QuarantineBlock> Quarantine() {
    if (!chain_.quarantine) return Internal("dataset {} has no quarantine", chain_.name);
    return MakeQuarantineBlock(context_,
                               {.chains = place_.chains,
                                .files = place_.files,
                                .scratch = place_.scratch,
                                .clock = place_.clock},
                               *chain_.quarantine, chain_.quarantine_record,
                               {.contract = chain_.contract.checks,
                                .rows = contract_.set_aside(),
                                .source = input_.name,
                                .place = [this](std::uint64_t row) { return PlaceOf(row); },
                                .now = place_.clock.Now()});
  }

  // For who looks at the dataset later; whoever sent the batch is told by the error.
  void NoteRefusal() {
    const datasets::CheckedCommit refused{.time = place_.clock.Now(),
                                          .results = contract_.Results()};
    [[maybe_unused]] const auto noted =
        place_.chains.store().Transact(context_, [&](control::Transaction& transaction) {
          return datasets::PutRefusal(transaction, chain_.id, refused);
        });
  }

  bool BringsNewState() const {
    if (!input_.state) return false;
    const auto known = state().source_states.find(input_.state->source_name);
    return known == state().source_states.end() || known->second != *input_.state;
  }

  IngestReport Report(const datasets::ChainRecord& after, std::uint64_t rows) const {
    return {.is_committed = after.chain.head != state().head,
            .rows = rows,
            .old_head = *state().head,
            .new_head = *after.chain.head,
            .last_offset = after.chain.last_offset,
            .watermark = after.chain.watermark,
            .quarantined = contract_.set_aside().size(),
            .warnings = contract_.Warnings()};
  }

  const Context& context_;
  const IngestPlace& place_;
  const ChainAtWork& chain_;
  const InputAtWork& input_;
  const Timestamp system_time_;
  std::unique_ptr<datasets::Pin> pin_;
  ContractAtWork contract_;
};

}  // namespace

Result<ChainAtWork> ReadChainAtWork(const Context& context, datasets::ChainStore& chains,
                                    const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
  ChainAtWork chain{.id = id, .name = id.ToString()};
  ASSIGN_OR_RETURN(chain.record, datasets::ReadChainRecord(*snapshot, id));
  const auto entry = datasets::FindDataset(*snapshot, id);
  if (entry) {
    chain.keeps_microseconds = entry->keeps_microseconds;
    chain.name = entry->name;
    chain.workspace = entry->workspace;
  } else if (entry.error().code != ErrorCode::kNotFound) {
    return entry.error();
  }
  ASSIGN_OR_RETURN(chain.contract, datasets::ReadContract(*snapshot, id));
  ASSIGN_OR_RETURN(chain.quarantine, datasets::FindQuarantine(*snapshot, id));
  if (chain.quarantine) {
    ASSIGN_OR_RETURN(chain.quarantine_record,
                     datasets::ReadChainRecord(*snapshot, *chain.quarantine));
  }
  const odf::ChainState& state = chain.record.chain;
  if (state.seed->dataset_kind != odf::DatasetKind::kRoot) {
    return Invalid("dataset {} is a derivative: its rows come from its transform", id.ToString());
  }
  return chain;
}

Result<IngestReport> IngestInput(const Context& context, const IngestPlace& place,
                                 const ChainAtWork& chain, const InputAtWork& input) {
  return Ingestion(context, place, chain, input).Run();
}

}  // namespace weir::pipelines
