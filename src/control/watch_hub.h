#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/guarded_by.h"
#include "control/backend.h"
#include "control/watch_cursor.h"

namespace weir::control {

inline constexpr std::size_t kWatchPage = 1024;  ///< commits taken from the ring or log at once
inline constexpr std::int64_t kWatchPageBytes = 4 << 20;

/// kExhausted: the changes after `from` are no longer kept.
Error TooOld(Revision from);

/// Tells watchers what was committed.
///
/// The newest commits stay in a bounded ring that all watchers share, so a thousand of them cost
/// one copy. A commit is matched once against an index of the watched prefixes; whoever watches
/// none of its keys is not woken and moves on for free. A watcher that fell behind the ring reads
/// the log in the database until it has caught up.
///
/// Thread-safe. Owned together by the store and its watchers, which may outlast the store: Close
/// then ends them, and lets go of the database.
class WatchHub : public std::enable_shared_from_this<WatchHub> {
 public:
  struct Options {
    std::size_t max_commits = 4096;     ///< in the ring
    std::int64_t max_bytes = 16 << 20;  ///< of values in the ring
    Revision bookmark_every = 1000;     ///< commits after which a quiet watcher gets a bookmark
  };

  /// `now`: the revision from which on everything will be published.
  static std::shared_ptr<WatchHub> Start(std::shared_ptr<Backend> log, Revision now,
                                         Options options);
  ~WatchHub();

  Result<std::unique_ptr<Watcher>> Watch(const Key& prefix, Revision from);

  /// All commits in (base, up_to] in order; those already known are passed over. False, and nothing
  /// published, when commits between the known ones and `base` are missing: CatchUp reads them.
  bool Publish(Revision base, std::span<const CommitPtr> commits, Revision up_to);

  /// Publishes from the log whatever another process committed.
  Status CatchUp();

  Revision revision() const;
  void Close();

 private:
  friend class HubWatcher;
  using CursorPtr = std::shared_ptr<WatchCursor>;
  struct PrefixHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  WatchHub(std::shared_ptr<Backend> log, Revision now, Options options);

  Result<std::unique_ptr<View>> OpenLog() const;
  bool HasInRing(Revision after) const;
  std::vector<CommitPtr> TakeFromRing(Revision after, std::size_t limit) const;
  void Remember(const CommitPtr& commit);
  void MarkWatchersOf(const Commit& commit);
  void MarkWatchersOf(std::string_view prefix, Revision revision);
  void Wake(const CursorPtr& cursor);
  void WakeAll();
  void Forget(const CursorPtr& cursor);
  void RunNotifier(const std::stop_token& stop);

  const Options options_;

  mutable std::mutex mutex_;
  std::shared_ptr<Backend> log_ WEIR_GUARDED_BY(mutex_);  // null: closed
  Revision revision_ WEIR_GUARDED_BY(mutex_);             // newest that was published
  Revision ring_base_ WEIR_GUARDED_BY(mutex_);            // the ring holds every commit after it
  std::deque<CommitPtr> ring_ WEIR_GUARDED_BY(mutex_);
  std::int64_t ring_bytes_ WEIR_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, std::vector<CursorPtr>, PrefixHash, std::equal_to<>> watched_
      WEIR_GUARDED_BY(mutex_);
  std::vector<CursorPtr> to_notify_ WEIR_GUARDED_BY(mutex_);
  std::condition_variable_any notify_;

  std::jthread notifier_;  // last: it starts when everything else is there
};

}  // namespace weir::control
