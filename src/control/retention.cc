#include "control/retention.h"

namespace weir::control {

Revision LogTrim(const StoreState& state, std::span<const CommitInfo> oldest,
                 const Retention& retention, Timestamp now) {
  std::int64_t changes = state.log_changes;
  std::int64_t bytes = state.log_bytes;
  Revision trim = 0;
  for (const CommitInfo& commit : oldest) {
    const bool stays = changes <= retention.changes && bytes <= retention.bytes &&
                       now - commit.time <= retention.age;
    if (stays) break;
    changes -= commit.changes;
    bytes -= commit.bytes;
    trim = commit.revision;
  }
  return trim;
}

std::map<std::string, std::int64_t> EventTrims(std::int64_t newest_position,
                                               std::span<const StoredEvent> oldest,
                                               const Retention& retention, Timestamp now) {
  std::map<std::string, std::int64_t> trims;
  for (const StoredEvent& event : oldest) {
    // Positions have gaps where others were acknowledged, so this may let go a little early.
    const bool stays = newest_position - event.position < retention.events &&
                       now - event.time <= retention.event_age;
    if (stays) break;
    trims[event.topic] = event.position;
  }
  return trims;
}

}  // namespace weir::control
