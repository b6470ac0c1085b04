#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/multihash.h"
#include "odf/data_type.h"
#include "odf/dataset_id.h"
#include "odf/describe.h"
#include "odf/source_steps.h"

// The metadata events a chain is made of (spec sections 5.3 and 6).

namespace weir::odf {

enum class DatasetKind : std::int32_t { kRoot, kDerivative };
constexpr auto NamesOf(DatasetKind) {
  return std::array<std::string_view, 2>{"Root", "Derivative"};
}

enum class OperationType : std::uint8_t { kAppend, kRetract, kCorrectFrom, kCorrectTo };
constexpr auto NamesOf(OperationType) {
  return std::array<std::string_view, 4>{"Append", "Retract", "CorrectFrom", "CorrectTo"};
}

struct SqlQueryStep {
  std::optional<std::string> alias = {};  ///< the view it makes; none for the last step
  std::string query = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"alias", &SqlQueryStep::alias}, Field{"query", &SqlQueryStep::query});
  }
  bool operator==(const SqlQueryStep&) const = default;
};

struct TemporalTable {
  std::string name = {};
  std::vector<std::string> primary_key = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"name", &TemporalTable::name},
                      Field{"primaryKey", &TemporalTable::primary_key});
  }
  bool operator==(const TemporalTable&) const = default;
};

struct TransformSql {
  static constexpr std::string_view kKind = "Sql";
  std::string engine = {};
  std::optional<std::string> version = {};
  std::optional<std::string> query = {};  ///< short form of one step; never in a block
  std::optional<std::vector<SqlQueryStep>> queries = {};
  std::optional<std::vector<TemporalTable>> temporal_tables = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"engine", &TransformSql::engine}, Field{"version", &TransformSql::version},
        Field{"query", &TransformSql::query}, Field{"queries", &TransformSql::queries},
        Field{"temporalTables", &TransformSql::temporal_tables});
  }
  bool operator==(const TransformSql&) const = default;
};

/// How rows are computed from rows.
struct Transform {
  using Union = std::variant<TransformSql>;
  Union value;
  bool operator==(const Transform&) const = default;
};

struct TransformInput {
  std::string dataset_ref = {};  ///< in a block always the text of a DID
  std::optional<std::string> alias = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"datasetRef", &TransformInput::dataset_ref},
                      Field{"alias", &TransformInput::alias});
  }
  bool operator==(const TransformInput&) const = default;
};

/// First block of every chain, and only there.
struct Seed {
  static constexpr std::string_view kKind = "Seed";
  DatasetId dataset_id = {};
  DatasetKind dataset_kind = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"datasetId", &Seed::dataset_id},
                      Field{"datasetKind", &Seed::dataset_kind});
  }
  bool operator==(const Seed&) const = default;
};

/// Closed: both ends are rows of it.
struct OffsetInterval {
  std::uint64_t start = {};
  std::uint64_t end = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"start", &OffsetInterval::start}, Field{"end", &OffsetInterval::end});
  }
  bool operator==(const OffsetInterval&) const = default;
};

struct DataSlice {
  Multihash logical_hash = {};
  Multihash physical_hash = {};
  OffsetInterval offset_interval = {};
  std::uint64_t size = {};  ///< bytes of the Parquet file
  static constexpr auto Fields() {
    return std::tuple(Field{"logicalHash", &DataSlice::logical_hash},
                      Field{"physicalHash", &DataSlice::physical_hash},
                      Field{"offsetInterval", &DataSlice::offset_interval},
                      Field{"size", &DataSlice::size});
  }
  bool operator==(const DataSlice&) const = default;
};

struct Checkpoint {
  Multihash physical_hash = {};
  std::uint64_t size = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"physicalHash", &Checkpoint::physical_hash},
                      Field{"size", &Checkpoint::size});
  }
  bool operator==(const Checkpoint&) const = default;
};

/// How far a source has been read.
struct SourceState {
  std::string source_name = {};
  std::string kind = {};
  std::string value = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"sourceName", &SourceState::source_name},
                      Field{"kind", &SourceState::kind}, Field{"value", &SourceState::value});
  }
  bool operator==(const SourceState&) const = default;
};

/// Rows, a watermark or a source position added to a root dataset.
struct AddData {
  static constexpr std::string_view kKind = "AddData";
  std::optional<Multihash> prev_checkpoint = {};
  std::optional<std::uint64_t> prev_offset = {};
  std::optional<DataSlice> new_data = {};
  std::optional<Checkpoint> new_checkpoint = {};
  std::optional<Timestamp> new_watermark = {};
  std::optional<SourceState> new_source_state = {};
  std::optional<ExtraAttributes> extra = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"prevCheckpoint", &AddData::prev_checkpoint},
        Field{"prevOffset", &AddData::prev_offset}, Field{"newData", &AddData::new_data},
        Field{"newCheckpoint", &AddData::new_checkpoint},
        Field{"newWatermark", &AddData::new_watermark},
        Field{"newSourceState", &AddData::new_source_state}, Field{"extra", &AddData::extra});
  }
  bool operator==(const AddData&) const = default;
};

/// What a transform consumed of one input: blocks (prev, new], records (prev, new].
struct ExecuteTransformInput {
  DatasetId dataset_id = {};
  std::optional<Multihash> prev_block_hash = {};
  std::optional<Multihash> new_block_hash = {};
  std::optional<std::uint64_t> prev_offset = {};
  std::optional<std::uint64_t> new_offset = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"datasetId", &ExecuteTransformInput::dataset_id},
                      Field{"prevBlockHash", &ExecuteTransformInput::prev_block_hash},
                      Field{"newBlockHash", &ExecuteTransformInput::new_block_hash},
                      Field{"prevOffset", &ExecuteTransformInput::prev_offset},
                      Field{"newOffset", &ExecuteTransformInput::new_offset});
  }
  bool operator==(const ExecuteTransformInput&) const = default;
};

/// One step of a derivative dataset.
struct ExecuteTransform {
  static constexpr std::string_view kKind = "ExecuteTransform";
  std::vector<ExecuteTransformInput> query_inputs = {};
  std::optional<Multihash> prev_checkpoint = {};
  std::optional<std::uint64_t> prev_offset = {};
  std::optional<DataSlice> new_data = {};
  std::optional<Checkpoint> new_checkpoint = {};
  std::optional<Timestamp> new_watermark = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"queryInputs", &ExecuteTransform::query_inputs},
                      Field{"prevCheckpoint", &ExecuteTransform::prev_checkpoint},
                      Field{"prevOffset", &ExecuteTransform::prev_offset},
                      Field{"newData", &ExecuteTransform::new_data},
                      Field{"newCheckpoint", &ExecuteTransform::new_checkpoint},
                      Field{"newWatermark", &ExecuteTransform::new_watermark});
  }
  bool operator==(const ExecuteTransform&) const = default;
};

struct SetPollingSource {
  static constexpr std::string_view kKind = "SetPollingSource";
  FetchStep fetch = {};
  std::optional<std::vector<PrepStep>> prepare = {};
  ReadStep read = {};
  std::optional<Transform> preprocess = {};
  MergeStrategy merge = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"fetch", &SetPollingSource::fetch}, Field{"prepare", &SetPollingSource::prepare},
        Field{"read", &SetPollingSource::read}, Field{"preprocess", &SetPollingSource::preprocess},
        Field{"merge", &SetPollingSource::merge});
  }
  bool operator==(const SetPollingSource&) const = default;
};

struct AddPushSource {
  static constexpr std::string_view kKind = "AddPushSource";
  std::string source_name = {};
  ReadStep read = {};
  std::optional<Transform> preprocess = {};
  MergeStrategy merge = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"sourceName", &AddPushSource::source_name}, Field{"read", &AddPushSource::read},
        Field{"preprocess", &AddPushSource::preprocess}, Field{"merge", &AddPushSource::merge});
  }
  bool operator==(const AddPushSource&) const = default;
};

struct DisablePushSource {
  static constexpr std::string_view kKind = "DisablePushSource";
  std::string source_name = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"sourceName", &DisablePushSource::source_name});
  }
  bool operator==(const DisablePushSource&) const = default;
};

struct DisablePollingSource {
  static constexpr std::string_view kKind = "DisablePollingSource";
  static constexpr auto Fields() { return std::tuple(); }
  bool operator==(const DisablePollingSource&) const = default;
};

struct SetTransform {
  static constexpr std::string_view kKind = "SetTransform";
  std::vector<TransformInput> inputs = {};
  Transform transform = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"inputs", &SetTransform::inputs},
                      Field{"transform", &SetTransform::transform});
  }
  bool operator==(const SetTransform&) const = default;
};

/// Names of the system columns; what is absent has its default.
struct SetVocab {
  static constexpr std::string_view kKind = "SetVocab";
  std::optional<std::string> offset_column = {};
  std::optional<std::string> operation_type_column = {};
  std::optional<std::string> system_time_column = {};
  std::optional<std::string> event_time_column = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"offsetColumn", &SetVocab::offset_column},
                      Field{"operationTypeColumn", &SetVocab::operation_type_column},
                      Field{"systemTimeColumn", &SetVocab::system_time_column},
                      Field{"eventTimeColumn", &SetVocab::event_time_column});
  }
  bool operator==(const SetVocab&) const = default;
};

struct AttachmentEmbedded {
  std::string path = {};
  std::string content = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"path", &AttachmentEmbedded::path},
                      Field{"content", &AttachmentEmbedded::content});
  }
  bool operator==(const AttachmentEmbedded&) const = default;
};

struct AttachmentsEmbedded {
  static constexpr std::string_view kKind = "Embedded";
  std::vector<AttachmentEmbedded> items = {};
  static constexpr auto Fields() { return std::tuple(Field{"items", &AttachmentsEmbedded::items}); }
  bool operator==(const AttachmentsEmbedded&) const = default;
};

/// Documents kept in the chain.
struct Attachments {
  using Union = std::variant<AttachmentsEmbedded>;
  Union value;
  bool operator==(const Attachments&) const = default;
};

struct SetAttachments {
  static constexpr std::string_view kKind = "SetAttachments";
  Attachments attachments = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"attachments", &SetAttachments::attachments});
  }
  bool operator==(const SetAttachments&) const = default;
};

struct SetInfo {
  static constexpr std::string_view kKind = "SetInfo";
  std::optional<std::string> description = {};
  std::optional<std::vector<std::string>> keywords = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"description", &SetInfo::description},
                      Field{"keywords", &SetInfo::keywords});
  }
  bool operator==(const SetInfo&) const = default;
};

struct SetLicense {
  static constexpr std::string_view kKind = "SetLicense";
  std::string short_name = {};
  std::string name = {};
  std::optional<std::string> spdx_id = {};
  std::string website_url = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"shortName", &SetLicense::short_name}, Field{"name", &SetLicense::name},
                      Field{"spdxId", &SetLicense::spdx_id},
                      Field{"websiteUrl", &SetLicense::website_url});
  }
  bool operator==(const SetLicense&) const = default;
};

struct SetDataSchema {
  static constexpr std::string_view kKind = "SetDataSchema";
  std::optional<Bytes> raw_arrow_schema = {};  ///< legacy: an Arrow IPC Schema root
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"rawArrowSchema", &SetDataSchema::raw_arrow_schema},
                      Field{"schema", &SetDataSchema::schema});
  }
  bool operator==(const SetDataSchema&) const = default;
};

/// What one block says.
struct MetadataEvent {
  using Union = std::variant<AddData, ExecuteTransform, Seed, SetPollingSource, SetTransform,
                             SetVocab, SetAttachments, SetInfo, SetLicense, SetDataSchema,
                             AddPushSource, DisablePushSource, DisablePollingSource>;
  Union value;
  bool operator==(const MetadataEvent&) const = default;
};

/// One link of a chain (spec section 4).
struct MetadataBlock {
  Timestamp system_time = {};
  std::optional<Multihash> prev_block_hash = {};
  std::uint64_t sequence_number = {};
  MetadataEvent event = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"systemTime", &MetadataBlock::system_time},
                      Field{"prevBlockHash", &MetadataBlock::prev_block_hash},
                      Field{"sequenceNumber", &MetadataBlock::sequence_number},
                      Field{"event", &MetadataBlock::event});
  }
  bool operator==(const MetadataBlock&) const = default;
};

/// The manifest a dataset is made from.
struct DatasetSnapshot {
  std::string name = {};
  DatasetKind kind = {};
  std::vector<MetadataEvent> metadata = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"name", &DatasetSnapshot::name}, Field{"kind", &DatasetSnapshot::kind},
                      Field{"metadata", &DatasetSnapshot::metadata});
  }
  bool operator==(const DatasetSnapshot&) const = default;
};

}  // namespace weir::odf
