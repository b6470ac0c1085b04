#include "control/backup/manifest.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/hex.h"
#include "base/sha256.h"

namespace weir::backup {
namespace {

namespace json = boost::json;

constexpr std::int64_t kFormat = 2;
constexpr std::int64_t kFormatWithoutDatasets = 1;
constexpr std::string_view kDirectory = "backups/";
constexpr std::string_view kExtension = ".json";
constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kTimeSize = 26;  // 20261121T101500.123456789Z

json::array ToJson(const std::vector<ChunkRef>& chunks) {
  json::array array;
  for (const ChunkRef& chunk : chunks) {
    array.push_back(
        {{"id", chunk.id.hex}, {"size", chunk.stored_size}, {"records", chunk.records}});
  }
  return array;
}

json::array ToJson(const std::vector<BackedUpFile>& files) {
  json::array array;
  for (const BackedUpFile& file : files) {
    array.push_back({{"path", file.path}, {"mode", file.mode}, {"pieces", ToJson(file.pieces)}});
  }
  return array;
}

json::array ToJson(const std::vector<BackedUpDataset>& datasets) {
  json::array array;
  for (const BackedUpDataset& dataset : datasets) {
    array.push_back({{"id", dataset.id}, {"name", dataset.name}, {"head", dataset.head}});
  }
  return array;
}

// The readers below throw boost::system::system_error (at, as_string, to_number) for anything that
// is not as ToJson writes it; ParseManifest turns that into an Error.

std::vector<ChunkRef> ReadChunks(const json::value& value) {
  std::vector<ChunkRef> chunks;
  for (const json::value& item : value.as_array()) {
    const json::object& object = item.as_object();
    chunks.push_back({.id = ChunkId::Parse(object.at("id").as_string()).value_or(ChunkId{}),
                      .stored_size = object.at("size").to_number<std::uint64_t>(),
                      .records = object.at("records").to_number<std::uint64_t>()});
  }
  return chunks;
}

std::vector<BackedUpFile> ReadFiles(const json::value& value) {
  std::vector<BackedUpFile> files;
  for (const json::value& item : value.as_array()) {
    const json::object& object = item.as_object();
    files.push_back({.path = std::string(object.at("path").as_string()),
                     .mode = object.at("mode").to_number<unsigned>(),
                     .pieces = ReadChunks(object.at("pieces"))});
  }
  return files;
}

std::vector<BackedUpDataset> ReadDatasets(const json::value& value) {
  std::vector<BackedUpDataset> datasets;
  for (const json::value& item : value.as_array()) {
    const json::object& object = item.as_object();
    datasets.push_back({.id = std::string(object.at("id").as_string()),
                        .name = std::string(object.at("name").as_string()),
                        .head = std::string(object.at("head").as_string())});
  }
  return datasets;
}

control::StoreState ReadState(const json::value& value) {
  const json::object& object = value.as_object();
  const auto number = [&](std::string_view key) {
    return object.at(key).to_number<std::int64_t>();
  };
  return {.revision = number("revision"),
          .floor = number("floor"),
          .position = number("position"),
          .log_changes = number("logChanges"),
          .log_bytes = number("logBytes")};
}

Manifest ReadManifest(const json::object& object, Timestamp time) {
  return {.time = time,
          .state = ReadState(object.at("store")),
          .home_format = object.at("homeFormat").to_number<int>(),
          .written_by = std::string(object.at("writtenBy").as_string()),
          .entries = ReadChunks(object.at("entries")),
          .log = ReadChunks(object.at("log")),
          .events = ReadChunks(object.at("events")),
          .files = ReadFiles(object.at("files"))};
}

// Ids and hashes are part of the keys of objects.
bool HasBadDataset(const Manifest& manifest) {
  const auto is_word = [](std::string_view text) {
    return !text.empty() && text.size() <= 256 &&
           text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == text.npos;
  };
  return manifest.datasets && !std::ranges::all_of(*manifest.datasets, [&](const auto& dataset) {
           return is_word(dataset.id) && is_word(dataset.head);
         });
}

bool HasBadChunk(const Manifest& manifest) {
  bool bad = false;
  ForEachChunk(manifest, [&](const ChunkRef& chunk) { bad = bad || chunk.id.hex.empty(); });
  return bad;
}

// A path that stays in the home it is restored to.
bool IsPlainPath(std::string_view path) {
  return !path.empty() && path.front() != '/' && path.find("..") == std::string_view::npos &&
         path.find('\0') == std::string_view::npos && path.find("keys") != 0;
}

}  // namespace

std::string ToJson(const Manifest& manifest) {
  const bool has_datasets = manifest.datasets.has_value();
  // What says nothing of datasets may as well be read by a Weir that knows nothing of them.
  json::object object{{"format", has_datasets ? kFormat : kFormatWithoutDatasets},
                      {"time", FormatTimestamp(manifest.time)},
                      {"store",
                       {{"revision", manifest.state.revision},
                        {"floor", manifest.state.floor},
                        {"position", manifest.state.position},
                        {"logChanges", manifest.state.log_changes},
                        {"logBytes", manifest.state.log_bytes}}},
                      {"homeFormat", manifest.home_format},
                      {"writtenBy", manifest.written_by},
                      {"entries", ToJson(manifest.entries)},
                      {"log", ToJson(manifest.log)},
                      {"events", ToJson(manifest.events)},
                      {"files", ToJson(manifest.files)}};
  if (has_datasets) object["datasets"] = ToJson(*manifest.datasets);
  return json::serialize(object);
}

Result<Manifest> ParseManifest(std::string_view text) {
  try {
    const json::value value = json::parse({text.data(), text.size()});
    const json::object& object = value.as_object();
    const auto format = object.at("format").to_number<std::int64_t>();
    if (format > kFormat) {
      return Unimplemented("a backup of format {}; this version of Weir knows up to {}", format,
                           kFormat)
          .WithHint("use the version of Weir that wrote it, or a newer one");
    }
    ASSIGN_OR_RETURN(const Timestamp time, ParseTimestamp(object.at("time").as_string()));
    Manifest manifest = ReadManifest(object, time);
    if (format >= kFormat) manifest.datasets = ReadDatasets(object.at("datasets"));
    if (HasBadDataset(manifest)) return Corrupt("the manifest of a backup has a bad dataset");
    if (HasBadChunk(manifest)) return Corrupt("the manifest of a backup has a bad chunk id");
    for (const BackedUpFile& file : manifest.files) {
      if (!IsPlainPath(file.path)) return Corrupt("the manifest of a backup has a bad path");
    }
    return manifest;
  } catch (const std::exception&) {
    return Corrupt("the manifest of a backup is not in the form of one");
  }
}

BackupId BackupId::Of(Timestamp time, std::string_view json) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  return {fmt::format("{:%Y%m%dT%H%M%S}.{:09}Z-{}",
                      fmt::gmtime(std::chrono::system_clock::to_time_t(second)),
                      (time - second).count(), ToHex(Sha256::Of(AsBytes(json))))};
}

Result<BackupId> BackupId::FromObjectKey(std::string_view key) {
  const std::size_t size = kDirectory.size() + kTimeSize + 1 + kHashDigits + kExtension.size();
  if (key.size() != size || !key.starts_with(kDirectory) || !key.ends_with(kExtension)) {
    return Invalid("object {} is no manifest of a backup", key);
  }
  BackupId id{std::string(key.substr(kDirectory.size(), kTimeSize + 1 + kHashDigits))};
  const bool is_hash = id.Hash().find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (!is_hash) return Invalid("object {} is no manifest of a backup", key);
  return id;
}

std::string BackupId::ObjectKey() const {
  return fmt::format("{}{}{}", kDirectory, text, kExtension);
}

std::string_view BackupId::Time() const { return std::string_view(text).substr(0, kTimeSize); }

std::string_view BackupId::Hash() const { return std::string_view(text).substr(kTimeSize + 1); }

}  // namespace weir::backup
