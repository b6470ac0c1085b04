#include "control/backup/records.h"

#include <memory>
#include <optional>
#include <utility>

#include "control/record.h"

namespace weir::backup {
namespace {

using control::Change;
using control::Commit;
using control::CommitPtr;
using control::Entry;
using control::Key;
using control::RecordReader;
using control::RecordWriter;
using control::StoredEvent;

// The bytes after the header; nullopt for another kind.
std::optional<RecordReader> Begin(std::string_view content, ChunkKind kind) {
  const std::string_view header = HeaderOf(kind);
  if (!content.starts_with(header)) return std::nullopt;
  return RecordReader(content.substr(header.size()));
}

std::optional<Key> ReadKey(RecordReader& reader) {
  const auto space = reader.Text();
  const auto tuple = reader.Text();
  if (!space || !tuple) return std::nullopt;
  auto key = Key::Decode(*space, *tuple);
  if (!key) return std::nullopt;
  return *std::move(key);
}

std::optional<Entry> ReadEntry(RecordReader& reader) {
  auto key = ReadKey(reader);
  auto value = reader.Text();
  const auto revision = reader.Number();
  if (!key || !value || !revision) return std::nullopt;
  return Entry{.key = *std::move(key), .value = *std::move(value), .revision = *revision};
}

std::optional<Change> ReadChange(RecordReader& reader) {
  auto key = ReadKey(reader);
  const auto is_put = reader.Number();
  if (!key || !is_put || *is_put < 0 || *is_put > 1) return std::nullopt;
  Change change{.key = *std::move(key), .value = nullptr};
  if (*is_put == 1) {
    auto value = reader.Text();
    if (!value) return std::nullopt;
    change.value = std::make_shared<const std::string>(*std::move(value));
  }
  return change;
}

std::optional<CommitPtr> ReadCommit(RecordReader& reader) {
  const auto revision = reader.Number();
  const auto time = reader.Number();
  const auto count = reader.Number();
  if (!revision || !time || !count) return std::nullopt;
  auto commit = std::make_shared<Commit>();
  commit->revision = *revision;
  commit->time = Timestamp(std::chrono::nanoseconds(*time));
  for (std::int64_t i = 0; i < *count; ++i) {
    auto change = ReadChange(reader);
    if (!change) return std::nullopt;
    commit->changes.push_back(*std::move(change));
  }
  return commit;
}

std::optional<StoredEvent> ReadEvent(RecordReader& reader) {
  const auto position = reader.Number();
  const auto revision = reader.Number();
  const auto time = reader.Number();
  auto topic = reader.Text();
  auto payload = reader.Text();
  if (!position || !revision || !time || !topic || !payload) return std::nullopt;
  return StoredEvent{.position = *position,
                     .revision = *revision,
                     .time = Timestamp(std::chrono::nanoseconds(*time)),
                     .topic = *std::move(topic),
                     .payload = *std::move(payload)};
}

template <typename Record>
Result<std::vector<Record>> ReadRecords(std::string_view content, ChunkKind kind,
                                        std::optional<Record> (*read)(RecordReader&)) {
  auto reader = Begin(content, kind);
  if (!reader) return Corrupt("it does not begin with \"{}\"", HeaderOf(kind));
  std::vector<Record> records;
  while (!reader->AtEnd()) {
    auto record = read(*reader);
    if (!record) return Corrupt("record {} is none of \"{}\"", records.size(), HeaderOf(kind));
    records.push_back(*std::move(record));
  }
  return records;
}

}  // namespace

std::string_view HeaderOf(ChunkKind kind) {
  switch (kind) {
    case ChunkKind::kEntries:
      return "weir-entries-1\n";
    case ChunkKind::kLog:
      return "weir-log-1\n";
    case ChunkKind::kEvents:
      return "weir-events-1\n";
    case ChunkKind::kFile:
      return "weir-file-1\n";
  }
  return "";
}

void AppendRecord(std::string& content, const Entry& entry) {
  content += RecordWriter()
                 .Text(entry.key.space())
                 .Text(entry.key.tuple())
                 .Text(entry.value)
                 .Number(entry.revision)
                 .Take();
}

void AppendRecord(std::string& content, const Commit& commit) {
  RecordWriter writer;
  writer.Number(commit.revision)
      .Number(commit.time.time_since_epoch().count())
      .Number(static_cast<std::int64_t>(commit.changes.size()));
  for (const Change& change : commit.changes) {
    writer.Text(change.key.space()).Text(change.key.tuple()).Number(change.value ? 1 : 0);
    if (change.value) writer.Text(*change.value);
  }
  content += writer.Take();
}

void AppendRecord(std::string& content, const StoredEvent& event) {
  content += RecordWriter()
                 .Number(event.position)
                 .Number(event.revision)
                 .Number(event.time.time_since_epoch().count())
                 .Text(event.topic)
                 .Text(event.payload)
                 .Take();
}

Result<std::vector<Entry>> ReadEntries(std::string_view content) {
  return ReadRecords<Entry>(content, ChunkKind::kEntries, ReadEntry);
}

Result<std::vector<CommitPtr>> ReadCommits(std::string_view content) {
  return ReadRecords<CommitPtr>(content, ChunkKind::kLog, ReadCommit);
}

Result<std::vector<StoredEvent>> ReadEvents(std::string_view content) {
  return ReadRecords<StoredEvent>(content, ChunkKind::kEvents, ReadEvent);
}

Result<std::string> ReadFilePiece(std::string_view content) {
  const std::string_view header = HeaderOf(ChunkKind::kFile);
  if (!content.starts_with(header)) return Corrupt("it does not begin with \"{}\"", header);
  return std::string(content.substr(header.size()));
}

}  // namespace weir::backup
