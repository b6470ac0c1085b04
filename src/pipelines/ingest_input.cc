#include "pipelines/ingest_input.h"

#include <algorithm>
#include <memory>
#include <variant>

#include "datasets/directory.h"
#include "datasets/history.h"
#include "datasets/pins.h"
#include "odf/arrow_schema.h"
#include "pipelines/merge_input.h"
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
        system_time_(std::max(place.clock.Now(), chain.record.chain.system_time)) {}

  Result<IngestReport> Run() {
    // Whether rows come in order only their end tells; most do, and need no sort.
    ASSIGN_OR_RETURN(IngestRequest request, Request());
    request.expects_order = true;
    bool is_ordered = true;
    auto data = Write(request, is_ordered);
    if (!data && !is_ordered) {
      request.expects_order = false;
      data = Write(request, is_ordered);
    }
    if (!data) return data.error();
    return Commit(*std::move(data));
  }

 private:
  const odf::ChainState& state() const { return chain_.record.chain; }

  Result<IngestRequest> Request() const {
    IngestRequest request{.input = input_.file,
                          .input_name = input_.name,
                          .place = input_.place,
                          .read = input_.read,
                          .preprocess = input_.preprocess,
                          .merge = input_.merge,
                          .vocab = state().vocab,
                          .schema = state().schema,
                          .event_time = input_.event_time.value_or(system_time_),
                          .keeps_microseconds = chain_.keeps_microseconds,
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
  Result<std::optional<NewData>> Write(const IngestRequest& request, bool& is_ordered) {
    ASSIGN_OR_RETURN(const auto rows, MergeInput(context_, place_.bench, request));
    StagedSlice staged(place_.files, place_.scratch);
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
      return written.error();
    }
    if (!*written) return std::optional<NewData>();
    NewData data{.slice = **std::move(written), .content = {}};
    if (staged.is_large()) {
      // Until the commit nothing leads to the object.
      ASSIGN_OR_RETURN(pin_, datasets::Pin::Take(context_, place_.chains.store(), chain_.id,
                                                 place_.clock.Now()));
    }
    ASSIGN_OR_RETURN(data.content, staged.Settle(context_, place_.chains.RepositoryOf(chain_.id),
                                                 data.slice.slice.physical_hash));
    return std::optional(std::move(data));
  }

  Result<IngestReport> Commit(std::optional<NewData> data) {
    if (input_.check) RETURN_IF_ERROR(input_.check());
    const std::uint64_t rows = data ? data->slice.facts.rows : 0;
    datasets::AppendRequest request{
        .id = chain_.id, .expected_head = state().head, .system_time = system_time_};
    if (data && !state().schema) {
      ASSIGN_OR_RETURN(auto schema, odf::DataSchemaOf(*data->slice.schema));
      request.blocks.push_back({.event = {odf::SetDataSchema{.schema = std::move(schema)}}});
    }
    odf::AddData event{.prev_checkpoint = state().checkpoint,
                       .prev_offset = state().last_offset,
                       .new_watermark = state().watermark,
                       .new_source_state = input_.state};
    if (!data && !BringsNewState()) return Report(chain_.record, rows);
    datasets::NewBlock block;
    if (data) {
      event.new_data = data->slice.slice;
      event.new_watermark = std::max(state().watermark, data->slice.facts.max_event_time);
      block.slice = datasets::NewSlice{.facts = std::move(data->slice.facts),
                                       .content = std::move(data->content)};
    }
    block.event = {std::move(event)};
    request.blocks.push_back(std::move(block));
    ASSIGN_OR_RETURN(const datasets::ChainRecord after, place_.chains.Append(context_, request));
    return Report(after, rows);
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
            .watermark = after.chain.watermark};
  }

  const Context& context_;
  const IngestPlace& place_;
  const ChainAtWork& chain_;
  const InputAtWork& input_;
  const Timestamp system_time_;
  std::unique_ptr<datasets::Pin> pin_;
};

}  // namespace

Result<ChainAtWork> ReadChainAtWork(const Context& context, datasets::ChainStore& chains,
                                    const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
  ChainAtWork chain{.id = id};
  ASSIGN_OR_RETURN(chain.record, datasets::ReadChainRecord(*snapshot, id));
  const auto entry = datasets::FindDataset(*snapshot, id);
  if (entry) {
    chain.keeps_microseconds = entry->keeps_microseconds;
  } else if (entry.error().code != ErrorCode::kNotFound) {
    return entry.error();
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
