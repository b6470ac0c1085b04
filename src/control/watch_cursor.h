#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/guarded_by.h"
#include "control/store.h"

namespace weir::control {

/// Calls a watcher's `ready` function, and knows how to stop: once Set has returned, no call of the
/// function before it runs, unless Set was called from inside that very call.
class ReadyCallback {
 public:
  void Set(std::function<void()> ready);
  void Call();
  bool IsSet() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable done_;
  std::function<void()> ready_ WEIR_GUARDED_BY(mutex_);
  std::optional<std::thread::id> caller_ WEIR_GUARDED_BY(mutex_);
};

/// Where one watcher stands. Its fields but the callback belong to the hub's mutex.
struct WatchCursor {
  explicit WatchCursor(Key watched) : prefix(std::move(watched)) {}

  const Key prefix;
  Revision seen = 0;    ///< everything up to here was delivered or does not match
  Revision told = 0;    ///< the last revision that the watcher heard of
  bool behind = false;  ///< something after `seen` may match; else `seen` moves with the hub
  bool from_beginning = false;  ///< may skip what is no longer kept, because it never asked for it
  std::optional<Error> over;    ///< why it ended
  bool queued = false;          ///< the notifier will come to it
  std::condition_variable_any changed;
  ReadyCallback ready;
};

}  // namespace weir::control
