#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/multihash.h"
#include "base/result.h"
#include "odf/events.h"

namespace weir::odf {

/// What a transform has consumed of one input so far.
struct InputPosition {
  DatasetId dataset_id;
  std::optional<Multihash> block_hash = {};
  std::optional<std::uint64_t> offset = {};
  bool operator==(const InputPosition&) const = default;
};

/// Everything the rules need to know about a chain to judge its next block: as much as a few
/// blocks, however long the chain. It is kept beside the head, so that appending never walks back.
struct ChainState {
  std::optional<Multihash> head = {};  ///< none: the chain is empty
  std::uint64_t sequence_number = 0;
  Timestamp system_time = {};
  std::optional<Seed> seed = {};
  // Of the last data event.
  std::optional<std::uint64_t> last_offset = {};
  std::optional<Timestamp> watermark = {};
  std::optional<Multihash> checkpoint = {};
  // What is in force.
  std::optional<DataSchema> schema = {};
  bool schema_is_raw = false;  ///< only a raw Arrow schema was given so far
  bool has_data = false;
  SetVocab vocab = {};
  std::optional<SetTransform> transform = {};
  std::vector<InputPosition> inputs = {};
  std::optional<SetPollingSource> polling_source = {};
  std::map<std::string, AddPushSource> push_sources = {};
  std::map<std::string, SourceState> source_states = {};
  std::optional<SetInfo> info = {};
  std::optional<SetLicense> license = {};
  std::optional<SetAttachments> attachments = {};
};

/// A rule of chains (spec section 7); its name stands in the error of a block that breaks it.
enum class ChainRule {
  kSeedFirst,         ///< a Seed exactly where there is no parent
  kParent,            ///< prevBlockHash is the head
  kSequence,          ///< one more than the parent, 0 without
  kSystemTime,        ///< never before the parent's
  kEventFitsKind,     ///< strict: AddData and sources on roots, transforms on derivatives
  kOffsets,           ///< prevOffset and the interval go on where the last slice ended
  kWatermark,         ///< once set always set, never back
  kCheckpoint,        ///< prevCheckpoint is the last one
  kNotEmpty,          ///< a data event says something
  kNotNoop,           ///< and something new
  kSchemaBeforeData,  ///< a SetDataSchema before the first slice
  kInputs,            ///< the inputs of the transform, where the last step left them
  kTransform,         ///< inputs with ids and aliases, each once; queries normalised
  kSources,           ///< polling or push; each push source once; steps complete
  kSchemaChange,      ///< only allowed changes of the schema
};
std::string_view NameOf(ChainRule rule);

enum class Strictness {
  kOurs,     ///< every rule; what breaks one is refused
  kForeign,  ///< rules only we are strict about give warnings
};

/// Judges `block` with hash `hash` as the next block of the chain and, when it may stand, moves
/// `state` past it. kInvalid names the block and the rule it breaks, and leaves `state` unchanged.
/// `warnings` takes what a foreign chain is forgiven; it may be null.
Status AppendToChain(ChainState& state, const Multihash& hash, const MetadataBlock& block,
                     Strictness strictness, std::vector<std::string>* warnings = nullptr);

/// A transform as blocks hold it: `query` moved into `queries`, the last step without an alias.
/// kInvalid when there is no query, both forms, or a step that lacks an alias.
Result<TransformSql> NormalizeTransform(TransformSql transform);

/// `event` with its transforms normalised; what manifests say becomes what blocks hold.
Result<MetadataEvent> NormalizeEvent(MetadataEvent event);

}  // namespace weir::odf
