#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "control/backend.h"

namespace weir::control {

/// How long the store remembers what happened: a watcher that comes back within it misses nothing,
/// one that comes later has to list again. Whatever is past any one bound goes, while committing.
struct Retention {
  std::int64_t changes = 200'000;         ///< in the log
  std::int64_t bytes = 256 << 20;         ///< of the log
  std::chrono::hours age{24 * 7};         ///< of a commit in the log
  std::int64_t events = 1'000'000;        ///< in the outbox, all topics together
  std::chrono::hours event_age{24 * 30};  ///< of an event that some consumer has not read
};

/// The revision up to which the log may go, given its oldest commits in order; 0 for none.
Revision LogTrim(const StoreState& state, std::span<const CommitInfo> oldest,
                 const Retention& retention, Timestamp now);

/// By topic, the position up to which events go unread, given the oldest events in order.
std::map<std::string, std::int64_t> EventTrims(std::int64_t newest_position,
                                               std::span<const StoredEvent> oldest,
                                               const Retention& retention, Timestamp now);

}  // namespace weir::control
