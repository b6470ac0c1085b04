#include "datasets/chain_record.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <functional>

#include "base/base64.h"
#include "base/json_reader.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"
#include "odf/arrow_schema.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

json::array Encode(const std::vector<odf::InputPosition>& inputs) {
  json::array all;
  for (const odf::InputPosition& input : inputs) {
    json::object one{{"id", input.dataset_id.ToString()}};
    if (input.block_hash) one["block"] = input.block_hash->ToText();
    if (input.offset) one["offset"] = *input.offset;
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<odf::InputPosition> InputsAt(const json::value& value) {
  std::vector<odf::InputPosition> inputs;
  for (const json::value& each : value.as_array()) {
    const json::object& one = each.as_object();
    odf::InputPosition input;
    input.dataset_id = Must(odf::DatasetId::Parse(TextAt(one.at("id"))));
    if (const auto* block = one.if_contains("block")) input.block_hash = HashAt(*block);
    if (const auto* offset = one.if_contains("offset")) input.offset = NumberAt(*offset);
    inputs.push_back(std::move(input));
  }
  return inputs;
}

json::array Encode(const std::map<std::string, odf::SourceState>& states) {
  json::array all;
  for (const auto& [name, state] : states) {
    all.push_back({{"name", state.source_name}, {"kind", state.kind}, {"value", state.value}});
  }
  return all;
}

std::map<std::string, odf::SourceState> StatesAt(const json::value& value) {
  std::map<std::string, odf::SourceState> states;
  for (const json::value& each : value.as_array()) {
    const json::object& one = each.as_object();
    odf::SourceState state{.source_name = std::string(TextAt(one.at("name"))),
                           .kind = std::string(TextAt(one.at("kind"))),
                           .value = std::string(TextAt(one.at("value")))};
    std::string name = state.source_name;
    states.emplace(std::move(name), std::move(state));
  }
  return states;
}

// An event as the bytes of a block that says nothing else: the codec keeps every field of it.
json::value Packed(odf::MetadataEvent::Union event) {
  const odf::MetadataBlock block{.event = {std::move(event)}};
  return json::string(EncodeBase64Url(odf::EncodeBlock(block)));
}

odf::MetadataEvent Unpacked(const json::value& value) {
  const Bytes bytes = Must(DecodeBase64Url(TextAt(value)));
  return Must(odf::DecodeBlock(bytes)).block.event;
}

// Puts an event where the state keeps what is in force.
struct Restore {
  odf::ChainState& chain;
  void operator()(odf::Seed event) { chain.seed = std::move(event); }
  void operator()(odf::SetVocab event) { chain.vocab = std::move(event); }
  void operator()(odf::SetDataSchema event) {
    if (event.schema) chain.schema = std::move(event.schema);
  }
  void operator()(odf::SetTransform event) { chain.transform = std::move(event); }
  void operator()(odf::SetPollingSource event) { chain.polling_source = std::move(event); }
  void operator()(const odf::DisablePollingSource& /*event*/) { chain.polling_source.reset(); }
  void operator()(odf::SetInfo event) { chain.info = std::move(event); }
  void operator()(odf::SetLicense event) { chain.license = std::move(event); }
  void operator()(odf::SetAttachments event) { chain.attachments = std::move(event); }
  void operator()(odf::AddPushSource event) {
    std::string name = event.source_name;
    chain.push_sources[std::move(name)] = std::move(event);
  }
  void operator()(const odf::DisablePushSource& event) {
    chain.push_sources.erase(event.source_name);
  }
  template <typename Event>
  void operator()(const Event& /*event*/) {}
};

void DecodeHead(const json::object& head, ChainRecord& record) {
  odf::ChainState& chain = record.chain;
  chain.head = HashAt(head.at("hash"));
  chain.sequence_number = NumberAt(head.at("sequence"));
  chain.system_time = TimeAt(head.at("systemTime"));
  if (const auto* offset = head.if_contains("lastOffset")) chain.last_offset = NumberAt(*offset);
  if (const auto* watermark = head.if_contains("watermark")) chain.watermark = TimeAt(*watermark);
  if (const auto* hash = head.if_contains("checkpoint")) chain.checkpoint = HashAt(*hash);
  chain.schema_is_raw = head.at("schemaIsRaw").as_bool();
  chain.has_data = head.at("hasData").as_bool();
  chain.inputs = InputsAt(head.at("inputs"));
  chain.source_states = StatesAt(head.at("sourceStates"));
  record.records = NumberAt(head.at("records"));
  record.bytes = NumberAt(head.at("bytes"));
  record.slices = NumberAt(head.at("slices"));
}

Error UnreadableRecord(const odf::DatasetId& id) {
  return Corrupt("the record of dataset {} cannot be read", id.ToString())
      .WithHint("weir doctor --rebuild-index makes it anew");
}

// Calls `visit` with the metadata blocks in their order until it says false.
Status ForEachMetadataBlock(control::Snapshot& snapshot, const odf::DatasetId& id,
                            const std::function<Result<bool>(odf::MetadataBlock)>& visit) {
  control::ScanOptions page;
  while (true) {
    ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(MetadataBlocksKey(id), page));
    for (const control::Entry& entry : entries) {
      ASSIGN_OR_RETURN(odf::DecodedBlock decoded, odf::DecodeBlock(AsBytes(entry.value)));
      ASSIGN_OR_RETURN(const bool more, visit(std::move(decoded.block)));
      if (!more) return Ok();
    }
    if (entries.size() < page.limit) return Ok();
    page.after = entries.back().key;
  }
}

}  // namespace

void PutInForce(odf::MetadataEvent event, odf::ChainState& chain) {
  std::visit(Restore{chain}, std::move(event.value));
}

std::string EncodeHead(const ChainRecord& record) {
  const odf::ChainState& chain = record.chain;
  json::object head{{"hash", chain.head.value().ToText()},
                    {"sequence", chain.sequence_number},
                    {"systemTime", Nanos(chain.system_time)},
                    {"schemaIsRaw", chain.schema_is_raw},
                    {"hasData", chain.has_data},
                    {"inputs", Encode(chain.inputs)},
                    {"sourceStates", Encode(chain.source_states)},
                    {"records", record.records},
                    {"bytes", record.bytes},
                    {"slices", record.slices}};
  if (chain.last_offset) head["lastOffset"] = *chain.last_offset;
  if (chain.watermark) head["watermark"] = Nanos(*chain.watermark);
  if (chain.checkpoint) head["checkpoint"] = chain.checkpoint->ToText();
  return json::serialize(head);
}

std::string EncodeInForce(const odf::ChainState& chain) {
  json::array events;
  if (chain.seed) events.push_back(Packed(*chain.seed));
  events.push_back(Packed(chain.vocab));
  if (chain.schema) events.push_back(Packed(odf::SetDataSchema{.schema = chain.schema}));
  if (chain.transform) events.push_back(Packed(*chain.transform));
  if (chain.polling_source) events.push_back(Packed(*chain.polling_source));
  for (const auto& [name, source] : chain.push_sources) events.push_back(Packed(source));
  if (chain.info) events.push_back(Packed(*chain.info));
  if (chain.license) events.push_back(Packed(*chain.license));
  if (chain.attachments) events.push_back(Packed(*chain.attachments));
  return json::serialize(events);
}

Result<Multihash> HeadIn(const odf::DatasetId& id, std::string_view head) {
  try {
    return HashAt(Must(ParseJson(head)).as_object().at("hash"));
  } catch (const std::exception&) {
    return UnreadableRecord(id);
  }
}

Result<ChainRecord> DecodeChainRecord(const odf::DatasetId& id, std::string_view head,
                                      std::string_view in_force) {
  const auto head_json = ParseJson(head);
  const auto events = ParseJson(in_force);
  if (!head_json || !events) return UnreadableRecord(id);
  try {
    ChainRecord record;
    DecodeHead(head_json->as_object(), record);
    for (const json::value& event : events->as_array()) {
      PutInForce(Unpacked(event), record.chain);
    }
    return record;
  } catch (const std::exception&) {
    return UnreadableRecord(id);
  }
}

Result<odf::ChainState> InForceAt(control::Snapshot& snapshot, const odf::DatasetId& id,
                                  std::uint64_t sequence_number) {
  odf::ChainState chain;
  RETURN_IF_ERROR(ForEachMetadataBlock(snapshot, id, [&](odf::MetadataBlock block) -> Result<bool> {
    if (block.sequence_number > sequence_number) return false;
    PutInForce(std::move(block.event), chain);
    return true;
  }));
  return chain;
}

Result<std::vector<SetSchema>> SchemasOf(control::Snapshot& snapshot, const odf::DatasetId& id) {
  std::vector<SetSchema> schemas;
  RETURN_IF_ERROR(ForEachMetadataBlock(snapshot, id, [&](odf::MetadataBlock block) -> Result<bool> {
    auto* event = std::get_if<odf::SetDataSchema>(&block.event.value);
    if (event == nullptr) return true;
    if (event->schema) {
      schemas.push_back({block.sequence_number, *std::move(event->schema)});
    } else if (event->raw_arrow_schema) {
      ASSIGN_OR_RETURN(const auto raw, odf::ReadRawArrowSchema(*event->raw_arrow_schema));
      ASSIGN_OR_RETURN(odf::DataSchema schema, odf::DataSchemaOf(*raw));
      schemas.push_back({block.sequence_number, std::move(schema)});
    }
    return true;
  }));
  return schemas;
}

Result<ChainRecord> ReadChainRecord(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto head, snapshot.Get(HeadKey(id)));
  if (!head) return NotFound("there is no dataset {}", id.ToString());
  ASSIGN_OR_RETURN(const auto in_force, snapshot.Get(InForceKey(id)));
  if (!in_force) {
    return Corrupt("the record of dataset {} is not whole", id.ToString())
        .WithHint("weir doctor --rebuild-index makes it anew");
  }
  return DecodeChainRecord(id, head->value, in_force->value);
}

}  // namespace weir::datasets
