#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "odf/data_type.h"
#include "odf/describe.h"

// How data comes into a root dataset: fetch, prepare, read, merge (spec sections 5.3, 6 and 9).

namespace weir::odf {

enum class CompressionFormat : std::int32_t { kGzip, kZip };
constexpr auto NamesOf(CompressionFormat) { return std::array<std::string_view, 2>{"Gzip", "Zip"}; }

enum class SourceOrdering : std::int32_t { kByEventTime, kByName };
constexpr auto NamesOf(SourceOrdering) {
  return std::array<std::string_view, 2>{"ByEventTime", "ByName"};
}

enum class MqttQos : std::int32_t { kAtMostOnce, kAtLeastOnce, kExactlyOnce };
constexpr auto NamesOf(MqttQos) {
  return std::array<std::string_view, 3>{"AtMostOnce", "AtLeastOnce", "ExactlyOnce"};
}

/// From the Last-Modified header or the modification time of the file.
struct EventTimeSourceFromMetadata {
  static constexpr std::string_view kKind = "FromMetadata";
  static constexpr auto Fields() { return std::tuple(); }
  bool operator==(const EventTimeSourceFromMetadata&) const = default;
};

struct EventTimeSourceFromPath {
  static constexpr std::string_view kKind = "FromPath";
  std::string pattern = {};  ///< regular expression; group 1 is the time
  std::optional<std::string> timestamp_format = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"pattern", &EventTimeSourceFromPath::pattern},
                      Field{"timestampFormat", &EventTimeSourceFromPath::timestamp_format});
  }
  bool operator==(const EventTimeSourceFromPath&) const = default;
};

struct EventTimeSourceFromSystemTime {
  static constexpr std::string_view kKind = "FromSystemTime";
  static constexpr auto Fields() { return std::tuple(); }
  bool operator==(const EventTimeSourceFromSystemTime&) const = default;
};

/// Where the event time of rows without one comes from.
struct EventTimeSource {
  using Union = std::variant<EventTimeSourceFromMetadata, EventTimeSourceFromPath,
                             EventTimeSourceFromSystemTime>;
  Union value;
  bool operator==(const EventTimeSource&) const = default;
};

struct SourceCachingForever {
  static constexpr std::string_view kKind = "Forever";
  static constexpr auto Fields() { return std::tuple(); }
  bool operator==(const SourceCachingForever&) const = default;
};

/// Whether a fetched source is fetched again.
struct SourceCaching {
  using Union = std::variant<SourceCachingForever>;
  Union value;
  bool operator==(const SourceCaching&) const = default;
};

struct RequestHeader {
  std::string name = {};
  std::string value = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"name", &RequestHeader::name}, Field{"value", &RequestHeader::value});
  }
  bool operator==(const RequestHeader&) const = default;
};

struct EnvVar {
  std::string name = {};
  std::optional<std::string> value = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"name", &EnvVar::name}, Field{"value", &EnvVar::value});
  }
  bool operator==(const EnvVar&) const = default;
};

struct MqttTopicSubscription {
  std::string path = {};
  std::optional<MqttQos> qos = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"path", &MqttTopicSubscription::path},
                      Field{"qos", &MqttTopicSubscription::qos});
  }
  bool operator==(const MqttTopicSubscription&) const = default;
};

struct FetchStepUrl {
  static constexpr std::string_view kKind = "Url";
  std::string url = {};
  std::optional<EventTimeSource> event_time = {};
  std::optional<SourceCaching> cache = {};
  std::optional<std::vector<RequestHeader>> headers = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"url", &FetchStepUrl::url}, Field{"eventTime", &FetchStepUrl::event_time},
        Field{"cache", &FetchStepUrl::cache}, Field{"headers", &FetchStepUrl::headers});
  }
  bool operator==(const FetchStepUrl&) const = default;
};

struct FetchStepFilesGlob {
  static constexpr std::string_view kKind = "FilesGlob";
  std::string path = {};
  std::optional<EventTimeSource> event_time = {};
  std::optional<SourceCaching> cache = {};
  std::optional<SourceOrdering> order = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"path", &FetchStepFilesGlob::path},
                      Field{"eventTime", &FetchStepFilesGlob::event_time},
                      Field{"cache", &FetchStepFilesGlob::cache},
                      Field{"order", &FetchStepFilesGlob::order});
  }
  bool operator==(const FetchStepFilesGlob&) const = default;
};

struct FetchStepContainer {
  static constexpr std::string_view kKind = "Container";
  std::string image = {};
  std::optional<std::vector<std::string>> command = {};
  std::optional<std::vector<std::string>> args = {};
  std::optional<std::vector<EnvVar>> env = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"image", &FetchStepContainer::image}, Field{"command", &FetchStepContainer::command},
        Field{"args", &FetchStepContainer::args}, Field{"env", &FetchStepContainer::env});
  }
  bool operator==(const FetchStepContainer&) const = default;
};

struct FetchStepMqtt {
  static constexpr std::string_view kKind = "Mqtt";
  std::string host = {};
  std::int32_t port = {};
  std::optional<std::string> username = {};
  std::optional<std::string> password = {};
  std::vector<MqttTopicSubscription> topics = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"host", &FetchStepMqtt::host}, Field{"port", &FetchStepMqtt::port},
                      Field{"username", &FetchStepMqtt::username},
                      Field{"password", &FetchStepMqtt::password},
                      Field{"topics", &FetchStepMqtt::topics});
  }
  bool operator==(const FetchStepMqtt&) const = default;
};

struct FetchStepEthereumLogs {
  static constexpr std::string_view kKind = "EthereumLogs";
  std::optional<std::uint64_t> chain_id = {};
  std::optional<std::string> node_url = {};
  std::optional<std::string> filter = {};
  std::optional<std::string> signature = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"chainId", &FetchStepEthereumLogs::chain_id},
                      Field{"nodeUrl", &FetchStepEthereumLogs::node_url},
                      Field{"filter", &FetchStepEthereumLogs::filter},
                      Field{"signature", &FetchStepEthereumLogs::signature});
  }
  bool operator==(const FetchStepEthereumLogs&) const = default;
};

/// Where a polling source gets its bytes.
struct FetchStep {
  using Union = std::variant<FetchStepUrl, FetchStepFilesGlob, FetchStepContainer, FetchStepMqtt,
                             FetchStepEthereumLogs>;
  Union value;
  bool operator==(const FetchStep&) const = default;
};

struct PrepStepDecompress {
  static constexpr std::string_view kKind = "Decompress";
  CompressionFormat format = {};
  std::optional<std::string> sub_path = {};  ///< file inside the archive
  static constexpr auto Fields() {
    return std::tuple(Field{"format", &PrepStepDecompress::format},
                      Field{"subPath", &PrepStepDecompress::sub_path});
  }
  bool operator==(const PrepStepDecompress&) const = default;
};

struct PrepStepPipe {
  static constexpr std::string_view kKind = "Pipe";
  std::vector<std::string> command = {};
  static constexpr auto Fields() { return std::tuple(Field{"command", &PrepStepPipe::command}); }
  bool operator==(const PrepStepPipe&) const = default;
};

/// What is done to the bytes before they are read.
struct PrepStep {
  using Union = std::variant<PrepStepDecompress, PrepStepPipe>;
  Union value;
  bool operator==(const PrepStep&) const = default;
};

struct ReadStepCsv {
  static constexpr std::string_view kKind = "Csv";
  std::optional<std::vector<std::string>> ddl_schema = {};  ///< deprecated: SQL column definitions
  std::optional<std::string> separator = {};                ///< default ,
  std::optional<std::string> encoding = {};                 ///< default utf8
  std::optional<std::string> quote = {};                    ///< default "
  std::optional<std::string> escape = {};                   ///< default backslash
  std::optional<bool> header = {};                          ///< default false
  std::optional<bool> infer_schema = {};                    ///< default false
  std::optional<std::string> null_value = {};               ///< default the empty string
  std::optional<std::string> date_format = {};              ///< default rfc3339
  std::optional<std::string> timestamp_format = {};         ///< default rfc3339
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"ddlSchema", &ReadStepCsv::ddl_schema}, Field{"separator", &ReadStepCsv::separator},
        Field{"encoding", &ReadStepCsv::encoding}, Field{"quote", &ReadStepCsv::quote},
        Field{"escape", &ReadStepCsv::escape}, Field{"header", &ReadStepCsv::header},
        Field{"inferSchema", &ReadStepCsv::infer_schema},
        Field{"nullValue", &ReadStepCsv::null_value},
        Field{"dateFormat", &ReadStepCsv::date_format},
        Field{"timestampFormat", &ReadStepCsv::timestamp_format},
        Field{"schema", &ReadStepCsv::schema});
  }
  bool operator==(const ReadStepCsv&) const = default;
};

struct ReadStepGeoJson {
  static constexpr std::string_view kKind = "GeoJson";
  std::optional<std::vector<std::string>> ddl_schema = {};
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"ddlSchema", &ReadStepGeoJson::ddl_schema},
                      Field{"schema", &ReadStepGeoJson::schema});
  }
  bool operator==(const ReadStepGeoJson&) const = default;
};

struct ReadStepEsriShapefile {
  static constexpr std::string_view kKind = "EsriShapefile";
  std::optional<std::vector<std::string>> ddl_schema = {};
  std::optional<std::string> sub_path = {};
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"ddlSchema", &ReadStepEsriShapefile::ddl_schema},
                      Field{"subPath", &ReadStepEsriShapefile::sub_path},
                      Field{"schema", &ReadStepEsriShapefile::schema});
  }
  bool operator==(const ReadStepEsriShapefile&) const = default;
};

struct ReadStepParquet {
  static constexpr std::string_view kKind = "Parquet";
  std::optional<std::vector<std::string>> ddl_schema = {};
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"ddlSchema", &ReadStepParquet::ddl_schema},
                      Field{"schema", &ReadStepParquet::schema});
  }
  bool operator==(const ReadStepParquet&) const = default;
};

struct ReadStepJson {
  static constexpr std::string_view kKind = "Json";
  std::optional<std::string> sub_path = {};  ///< a.b.c
  std::optional<std::vector<std::string>> ddl_schema = {};
  std::optional<std::string> date_format = {};
  std::optional<std::string> encoding = {};
  std::optional<std::string> timestamp_format = {};
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(
        Field{"subPath", &ReadStepJson::sub_path}, Field{"ddlSchema", &ReadStepJson::ddl_schema},
        Field{"dateFormat", &ReadStepJson::date_format}, Field{"encoding", &ReadStepJson::encoding},
        Field{"timestampFormat", &ReadStepJson::timestamp_format},
        Field{"schema", &ReadStepJson::schema});
  }
  bool operator==(const ReadStepJson&) const = default;
};

struct ReadStepNdJson {
  static constexpr std::string_view kKind = "NdJson";
  std::optional<std::vector<std::string>> ddl_schema = {};
  std::optional<std::string> date_format = {};
  std::optional<std::string> encoding = {};
  std::optional<std::string> timestamp_format = {};
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"ddlSchema", &ReadStepNdJson::ddl_schema},
                      Field{"dateFormat", &ReadStepNdJson::date_format},
                      Field{"encoding", &ReadStepNdJson::encoding},
                      Field{"timestampFormat", &ReadStepNdJson::timestamp_format},
                      Field{"schema", &ReadStepNdJson::schema});
  }
  bool operator==(const ReadStepNdJson&) const = default;
};

struct ReadStepNdGeoJson {
  static constexpr std::string_view kKind = "NdGeoJson";
  std::optional<std::vector<std::string>> ddl_schema = {};
  std::optional<DataSchema> schema = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"ddlSchema", &ReadStepNdGeoJson::ddl_schema},
                      Field{"schema", &ReadStepNdGeoJson::schema});
  }
  bool operator==(const ReadStepNdGeoJson&) const = default;
};

/// How bytes become rows.
struct ReadStep {
  using Union = std::variant<ReadStepCsv, ReadStepGeoJson, ReadStepEsriShapefile, ReadStepParquet,
                             ReadStepJson, ReadStepNdJson, ReadStepNdGeoJson>;
  Union value;
  bool operator==(const ReadStep&) const = default;
};

struct MergeStrategyAppend {
  static constexpr std::string_view kKind = "Append";
  static constexpr auto Fields() { return std::tuple(); }
  bool operator==(const MergeStrategyAppend&) const = default;
};

struct MergeStrategyLedger {
  static constexpr std::string_view kKind = "Ledger";
  std::vector<std::string> primary_key = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"primaryKey", &MergeStrategyLedger::primary_key});
  }
  bool operator==(const MergeStrategyLedger&) const = default;
};

struct MergeStrategySnapshot {
  static constexpr std::string_view kKind = "Snapshot";
  std::vector<std::string> primary_key = {};
  std::optional<std::vector<std::string>> compare_columns = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"primaryKey", &MergeStrategySnapshot::primary_key},
                      Field{"compareColumns", &MergeStrategySnapshot::compare_columns});
  }
  bool operator==(const MergeStrategySnapshot&) const = default;
};

struct MergeStrategyChangelogStream {
  static constexpr std::string_view kKind = "ChangelogStream";
  std::vector<std::string> primary_key = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"primaryKey", &MergeStrategyChangelogStream::primary_key});
  }
  bool operator==(const MergeStrategyChangelogStream&) const = default;
};

struct MergeStrategyUpsertStream {
  static constexpr std::string_view kKind = "UpsertStream";
  std::vector<std::string> primary_key = {};
  static constexpr auto Fields() {
    return std::tuple(Field{"primaryKey", &MergeStrategyUpsertStream::primary_key});
  }
  bool operator==(const MergeStrategyUpsertStream&) const = default;
};

/// How new rows meet the rows that are there.
struct MergeStrategy {
  using Union = std::variant<MergeStrategyAppend, MergeStrategyLedger, MergeStrategySnapshot,
                             MergeStrategyChangelogStream, MergeStrategyUpsertStream>;
  Union value;
  bool operator==(const MergeStrategy&) const = default;
};

}  // namespace weir::odf
