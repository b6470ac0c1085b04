#include "control/backup/chunk_summary.h"

#include <algorithm>

#include "control/record.h"

namespace weir::backup {
namespace {

std::string OrderOf(const control::Entry& entry) {
  return entry.key.space() + std::string(1, '\0') + entry.key.tuple();
}
std::string OrderOf(const control::CommitPtr& commit) {
  return control::RecordWriter().Number(commit->revision).Take();
}
std::string OrderOf(const control::StoredEvent& event) {
  return control::RecordWriter().Number(event.position).Take();
}

control::Revision RevisionOf(const control::Entry& entry) { return entry.revision; }
control::Revision RevisionOf(const control::CommitPtr& commit) { return commit->revision; }
control::Revision RevisionOf(const control::StoredEvent& event) { return event.revision; }

template <typename Record>
Result<ChunkSummary> SummariseRecords(const Result<std::vector<Record>>& records) {
  if (!records) return records.error();
  ChunkSummary summary;
  for (const Record& record : *records) {
    std::string order = OrderOf(record);
    if (summary.records == 0) summary.first = order;
    if (summary.records > 0 && order <= summary.last)
      return Corrupt("its records are not in order");
    summary.last = std::move(order);
    summary.newest = std::max(summary.newest, RevisionOf(record));
    ++summary.records;
  }
  return summary;
}

}  // namespace

Result<ChunkSummary> Summarise(ChunkKind kind, std::string_view content) {
  switch (kind) {
    case ChunkKind::kEntries:
      return SummariseRecords(ReadEntries(content));
    case ChunkKind::kLog:
      return SummariseRecords(ReadCommits(content));
    case ChunkKind::kEvents:
      return SummariseRecords(ReadEvents(content));
    case ChunkKind::kFile:
      break;
  }
  RETURN_IF_ERROR(ReadFilePiece(content));
  return ChunkSummary{.first = {}, .last = {}, .records = 1, .newest = 0};
}

}  // namespace weir::backup
