#include "odf/chain.h"

#include <array>
#include <set>
#include <utility>

#include "odf/schema_change.h"

namespace weir::odf {
namespace {

constexpr std::array<std::string_view, 15> kRuleNames = {
    "seed-first", "parent",     "sequence",      "system-time", "event-fits-kind",    "offsets",
    "watermark",  "checkpoint", "not-empty",     "not-noop",    "schema-before-data", "inputs",
    "transform",  "sources",    "schema-change",
};

// The parts AddData and ExecuteTransform share.
struct DataEvent {
  const std::optional<Multihash>& prev_checkpoint;
  const std::optional<std::uint64_t>& prev_offset;
  const std::optional<DataSlice>& new_data;
  const std::optional<Checkpoint>& new_checkpoint;
  const std::optional<Timestamp>& new_watermark;
};

template <typename Event>
DataEvent DataOf(const Event& event) {
  return {event.prev_checkpoint, event.prev_offset, event.new_data, event.new_checkpoint,
          event.new_watermark};
}

std::string Shown(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : "none";
}

std::string Shown(const std::optional<Multihash>& hash) { return hash ? hash->ToText() : "none"; }

// Judges one block against the state before it, and builds the state after it.
class Judge {
 public:
  Judge(ChainState state, const Multihash& hash, Strictness strictness,
        std::vector<std::string>* warnings)
      : state_(std::move(state)), hash_(hash), strictness_(strictness), warnings_(warnings) {}

  Status Block(const MetadataBlock& block) {
    RETURN_IF_ERROR(Link(block));
    RETURN_IF_ERROR(
        std::visit([this](const auto& event) { return Event(event); }, block.event.value));
    state_.head = hash_;
    state_.sequence_number = block.sequence_number;
    state_.system_time = block.system_time;
    return Ok();
  }

  ChainState TakeState() { return std::move(state_); }

 private:
  template <typename... Args>
  Error Broken(ChainRule rule, fmt::format_string<Args...> format, Args&&... args) const {
    return Invalid("block {} breaks the rule {}: {}", hash_.ToText(), NameOf(rule),
                   fmt::format(format, std::forward<Args>(args)...));
  }

  // A rule that only we are strict about.
  template <typename... Args>
  Status Strict(ChainRule rule, fmt::format_string<Args...> format, Args&&... args) {
    Error error = Broken(rule, format, std::forward<Args>(args)...);
    if (strictness_ == Strictness::kOurs) return error;
    if (warnings_ != nullptr) warnings_->push_back(std::move(error.message));
    return Ok();
  }

  Status Link(const MetadataBlock& block) const {
    const bool is_seed = std::holds_alternative<Seed>(block.event.value);
    if (is_seed == state_.head.has_value()) {
      return Broken(ChainRule::kSeedFirst, "{}",
                    is_seed ? "a Seed has a parent" : "the first block is no Seed");
    }
    if (block.prev_block_hash != state_.head) {
      return Broken(ChainRule::kParent, "prevBlockHash is {}, the head is {}",
                    Shown(block.prev_block_hash), Shown(state_.head));
    }
    const std::uint64_t expected = state_.head ? state_.sequence_number + 1 : 0;
    if (block.sequence_number != expected) {
      return Broken(ChainRule::kSequence, "sequenceNumber is {}, {} was expected",
                    block.sequence_number, expected);
    }
    if (state_.head && block.system_time < state_.system_time) {
      return Broken(ChainRule::kSystemTime, "systemTime {} is before the parent's {}",
                    FormatTimestamp(block.system_time), FormatTimestamp(state_.system_time));
    }
    return Ok();
  }

  Status OnlyOn(DatasetKind kind, std::string_view event) {
    if (state_.seed->dataset_kind == kind) return Ok();
    return Strict(ChainRule::kEventFitsKind, "{} on a {} dataset", event,
                  kind == DatasetKind::kRoot ? "derivative" : "root");
  }

  Status Event(const Seed& seed) {
    state_.seed = seed;
    return Ok();
  }

  Status Event(const SetVocab& vocab) {
    state_.vocab = vocab;
    return Ok();
  }

  Status Event(const SetInfo& info) {
    state_.info = info;
    return Ok();
  }

  Status Event(const SetLicense& license) {
    state_.license = license;
    return Ok();
  }

  Status Event(const SetAttachments& attachments) {
    state_.attachments = attachments;
    return Ok();
  }

  Status Event(const AddData& event) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kRoot, "AddData"));
    const DataEvent data = DataOf(event);
    RETURN_IF_ERROR(Follows(data));
    if (!data.new_data && !data.new_checkpoint && !data.new_watermark && !event.new_source_state) {
      return Broken(ChainRule::kNotEmpty, "it adds nothing");
    }
    const bool source_moves = event.new_source_state && !IsKnown(*event.new_source_state);
    if (!Changes(data) && !source_moves) return Broken(ChainRule::kNotNoop, "it changes nothing");
    if (event.new_source_state) {
      state_.source_states[event.new_source_state->source_name] = *event.new_source_state;
    }
    Advance(data);
    return Ok();
  }

  Status Event(const ExecuteTransform& event) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kDerivative, "ExecuteTransform"));
    const DataEvent data = DataOf(event);
    RETURN_IF_ERROR(Inputs(event));
    RETURN_IF_ERROR(Follows(data));
    bool consumes = false;
    for (const auto& input : event.query_inputs) consumes |= input.new_block_hash.has_value();
    if (!data.new_data && !data.new_checkpoint && !data.new_watermark && !consumes) {
      return Broken(ChainRule::kNotEmpty, "it says nothing");
    }
    if (!Changes(data) && !consumes) return Broken(ChainRule::kNotNoop, "it changes nothing");
    for (std::size_t i = 0; i < event.query_inputs.size(); ++i) {
      const auto& input = event.query_inputs[i];
      if (input.new_block_hash) state_.inputs[i].block_hash = input.new_block_hash;
      if (input.new_offset) state_.inputs[i].offset = input.new_offset;
    }
    Advance(data);
    return Ok();
  }

  bool IsKnown(const SourceState& source_state) const {
    const auto found = state_.source_states.find(source_state.source_name);
    return found != state_.source_states.end() && found->second == source_state;
  }

  bool Changes(const DataEvent& data) const {
    if (data.new_data || data.new_watermark != state_.watermark) return true;
    const auto checkpoint =
        data.new_checkpoint ? std::optional(data.new_checkpoint->physical_hash) : std::nullopt;
    return checkpoint != state_.checkpoint;
  }

  Status Follows(const DataEvent& data) const {
    if (data.prev_offset != state_.last_offset) {
      return Broken(ChainRule::kOffsets, "prevOffset is {}, the last offset is {}",
                    Shown(data.prev_offset), Shown(state_.last_offset));
    }
    if (data.new_data) {
      const OffsetInterval& interval = data.new_data->offset_interval;
      const std::uint64_t start = state_.last_offset ? *state_.last_offset + 1 : 0;
      if (interval.start != start || interval.end < interval.start) {
        return Broken(ChainRule::kOffsets,
                      "its slice holds offsets {} to {}, {} was to be the first", interval.start,
                      interval.end, start);
      }
      if (!state_.schema && !state_.schema_is_raw) {
        return Broken(ChainRule::kSchemaBeforeData, "it adds data and there is no schema yet");
      }
    }
    if (state_.watermark && (!data.new_watermark || *data.new_watermark < *state_.watermark)) {
      return Broken(ChainRule::kWatermark, "the watermark goes from {} to {}",
                    FormatTimestamp(*state_.watermark),
                    data.new_watermark ? FormatTimestamp(*data.new_watermark) : "none");
    }
    if (data.prev_checkpoint != state_.checkpoint) {
      return Broken(ChainRule::kCheckpoint, "prevCheckpoint is {}, the last checkpoint is {}",
                    Shown(data.prev_checkpoint), Shown(state_.checkpoint));
    }
    return Ok();
  }

  void Advance(const DataEvent& data) {
    if (data.new_data) {
      state_.last_offset = data.new_data->offset_interval.end;
      state_.has_data = true;
    }
    state_.watermark = data.new_watermark;
    state_.checkpoint.reset();
    if (data.new_checkpoint) state_.checkpoint = data.new_checkpoint->physical_hash;
  }

  Status Inputs(const ExecuteTransform& event) const {
    if (!state_.transform) return Broken(ChainRule::kInputs, "no SetTransform comes before it");
    if (event.query_inputs.size() != state_.inputs.size()) {
      return Broken(ChainRule::kInputs, "it has {} inputs, the transform has {}",
                    event.query_inputs.size(), state_.inputs.size());
    }
    for (std::size_t i = 0; i < event.query_inputs.size(); ++i) {
      RETURN_IF_ERROR(Input(event.query_inputs[i], state_.inputs[i]));
    }
    return Ok();
  }

  Status Input(const ExecuteTransformInput& input, const InputPosition& position) const {
    const std::string id = input.dataset_id.ToString();
    if (input.dataset_id != position.dataset_id) {
      return Broken(ChainRule::kInputs, "input {} stands where the transform has {}", id,
                    position.dataset_id.ToString());
    }
    if (input.prev_block_hash != position.block_hash) {
      return Broken(ChainRule::kInputs, "input {} goes on from block {}, the last was {}", id,
                    Shown(input.prev_block_hash), Shown(position.block_hash));
    }
    if (input.prev_offset != position.offset) {
      return Broken(ChainRule::kInputs, "input {} goes on from offset {}, the last was {}", id,
                    Shown(input.prev_offset), Shown(position.offset));
    }
    if (input.new_block_hash && input.new_block_hash == input.prev_block_hash) {
      return Broken(ChainRule::kInputs, "input {} consumes the block it had", id);
    }
    if (input.new_offset && !input.new_block_hash) {
      return Broken(ChainRule::kInputs, "input {} has new rows and no new block", id);
    }
    const bool back =
        input.new_offset && input.prev_offset && *input.new_offset <= *input.prev_offset;
    if (back) return Broken(ChainRule::kInputs, "input {} goes back in its offsets", id);
    return Ok();
  }

  Status Normalized(ChainRule rule, const Transform& transform) const {
    const auto& sql = std::get<TransformSql>(transform.value);
    const Result<TransformSql> normalized = NormalizeTransform(sql);
    if (!normalized) return Broken(rule, "{}", normalized.error().message);
    if (*normalized != sql) return Broken(rule, "its query is not in the form of steps");
    return Ok();
  }

  Status Event(const SetTransform& event) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kDerivative, "SetTransform"));
    if (event.inputs.empty()) return Broken(ChainRule::kTransform, "it has no input");
    std::set<DatasetId> seen;
    std::vector<InputPosition> inputs;
    for (const TransformInput& input : event.inputs) {
      const Result<DatasetId> id = DatasetId::Parse(input.dataset_ref);
      if (!id) return Broken(ChainRule::kTransform, "input {} is no DID", input.dataset_ref);
      if (!input.alias)
        return Broken(ChainRule::kTransform, "input {} has no alias", input.dataset_ref);
      if (!seen.insert(*id).second) {
        return Broken(ChainRule::kTransform, "input {} stands twice", input.dataset_ref);
      }
      inputs.push_back(PositionOf(*id));
    }
    RETURN_IF_ERROR(Normalized(ChainRule::kTransform, event.transform));
    state_.transform = event;
    state_.inputs = std::move(inputs);
    return Ok();
  }

  // A changed transform goes on with what was consumed of the inputs it keeps.
  InputPosition PositionOf(const DatasetId& id) const {
    for (const InputPosition& position : state_.inputs) {
      if (position.dataset_id == id) return position;
    }
    return {.dataset_id = id};
  }

  Status Read(const ReadStep& read) const {
    return std::visit(
        [this](const auto& step) -> Status {
          if (step.ddl_schema && step.schema) {
            return Broken(ChainRule::kSources, "it has both schema and ddlSchema");
          }
          return Ok();
        },
        read.value);
  }

  Status Event(const SetPollingSource& event) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kRoot, "SetPollingSource"));
    if (!state_.push_sources.empty()) {
      return Broken(ChainRule::kSources, "the dataset has push sources");
    }
    RETURN_IF_ERROR(Read(event.read));
    if (event.preprocess) RETURN_IF_ERROR(Normalized(ChainRule::kSources, *event.preprocess));
    const auto* logs = std::get_if<FetchStepEthereumLogs>(&event.fetch.value);
    if (logs != nullptr && !logs->chain_id && !logs->node_url) {
      return Broken(ChainRule::kSources, "EthereumLogs needs chainId or nodeUrl");
    }
    if (state_.polling_source == event)
      return Broken(ChainRule::kNotNoop, "it is the source in force");
    state_.polling_source = event;
    return Ok();
  }

  Status Event(const AddPushSource& event) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kRoot, "AddPushSource"));
    if (state_.polling_source) {
      return Broken(ChainRule::kSources, "the dataset has a polling source");
    }
    RETURN_IF_ERROR(Read(event.read));
    if (event.preprocess) RETURN_IF_ERROR(Normalized(ChainRule::kSources, *event.preprocess));
    const auto found = state_.push_sources.find(event.source_name);
    if (found != state_.push_sources.end() && found->second == event) {
      return Broken(ChainRule::kNotNoop, "push source {} is in force as it is", event.source_name);
    }
    state_.push_sources[event.source_name] = event;
    return Ok();
  }

  Status Event(const DisablePushSource& event) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kRoot, "DisablePushSource"));
    if (state_.push_sources.erase(event.source_name) == 0) {
      return Broken(ChainRule::kSources, "there is no push source {}", event.source_name);
    }
    return Ok();
  }

  Status Event(const DisablePollingSource&) {
    RETURN_IF_ERROR(OnlyOn(DatasetKind::kRoot, "DisablePollingSource"));
    if (!state_.polling_source) return Broken(ChainRule::kSources, "there is no polling source");
    state_.polling_source.reset();
    return Ok();
  }

  Status Event(const SetDataSchema& event) {
    if (!event.schema) {
      if (!event.raw_arrow_schema) return Broken(ChainRule::kSchemaChange, "it holds no schema");
      state_.schema_is_raw = true;
      return Ok();
    }
    if (state_.schema) {
      if (*state_.schema == *event.schema) {
        return Broken(ChainRule::kNotNoop, "it is the schema in force");
      }
      const Status change = CheckSchemaChange(*state_.schema, *event.schema, state_.schema_is_raw);
      if (!change) return Broken(ChainRule::kSchemaChange, "{}", change.error().message);
    }
    state_.schema = event.schema;
    state_.schema_is_raw = false;
    return Ok();
  }

  ChainState state_;
  const Multihash& hash_;
  Strictness strictness_;
  std::vector<std::string>* warnings_;
};

}  // namespace

std::string_view NameOf(ChainRule rule) { return kRuleNames.at(static_cast<std::size_t>(rule)); }

Status AppendToChain(ChainState& state, const Multihash& hash, const MetadataBlock& block,
                     Strictness strictness, std::vector<std::string>* warnings) {
  Judge judge(state, hash, strictness, warnings);
  RETURN_IF_ERROR(judge.Block(block));
  state = judge.TakeState();
  return Ok();
}

}  // namespace weir::odf
