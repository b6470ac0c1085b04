#include "control/watch_hub.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "control/hub_watcher.h"

namespace weir::control {
namespace {

constexpr std::chrono::seconds kLogTimeout{10};

// The name of a prefix in the index: no space's name holds a NUL.
std::string IndexName(std::string_view space, std::string_view tuple) {
  std::string name(space);
  name += '\0';
  name += tuple;
  return name;
}

}  // namespace

Error TooOld(Revision from) {
  return Exhausted("changes after revision {} are no longer kept", from).WithHint("list again");
}

std::shared_ptr<WatchHub> WatchHub::Start(std::shared_ptr<Backend> log, Revision now,
                                          Options options) {
  return std::shared_ptr<WatchHub>(new WatchHub(std::move(log), now, options));
}

WatchHub::WatchHub(std::shared_ptr<Backend> log, Revision now, Options options)
    : options_(options),
      log_(std::move(log)),
      revision_(now),
      ring_base_(now),
      notifier_([this](const std::stop_token& stop) { RunNotifier(stop); }) {}

WatchHub::~WatchHub() { Close(); }

Result<std::unique_ptr<View>> WatchHub::OpenLog() const {
  std::shared_ptr<Backend> log;
  {
    const std::lock_guard lock(mutex_);
    log = log_;
  }
  if (!log) return Unavailable("the store is closed");
  return log->OpenView(Context::Background().WithTimeout(kLogTimeout));
}

Result<std::unique_ptr<Watcher>> WatchHub::Watch(const Key& prefix, Revision from) {
  if (from < 0) return Invalid("a watch from revision {}", from);
  ASSIGN_OR_RETURN(const auto view, OpenLog());
  const StoreState& state = view->state();
  // A revision that has not come yet is one of another history, before a restore.
  if (from > state.revision || (from != 0 && from < state.floor)) return TooOld(from);

  auto cursor = std::make_shared<WatchCursor>(prefix);
  cursor->seen = std::max(from, state.floor);
  cursor->told = cursor->seen;
  cursor->from_beginning = from == 0;
  cursor->behind = true;  // the first Poll finds out
  const std::lock_guard lock(mutex_);
  if (!log_) return Unavailable("the store is closed");
  watched_[IndexName(prefix.space(), prefix.tuple())].push_back(cursor);
  return std::make_unique<HubWatcher>(shared_from_this(), std::move(cursor));
}

bool WatchHub::Publish(Revision base, std::span<const CommitPtr> commits, Revision up_to) {
  const std::lock_guard lock(mutex_);
  if (base > revision_) return false;
  if (up_to <= revision_) return true;
  for (const CommitPtr& commit : commits) {
    if (commit->revision <= revision_) continue;
    Remember(commit);
    MarkWatchersOf(*commit);
  }
  const bool bookmark = revision_ / options_.bookmark_every != up_to / options_.bookmark_every;
  revision_ = up_to;
  if (bookmark) WakeAll();
  if (!to_notify_.empty()) notify_.notify_one();
  return true;
}

Status WatchHub::CatchUp() {
  ASSIGN_OR_RETURN(const auto view, OpenLog());
  const StoreState& state = view->state();
  Revision known = revision();
  if (known < state.floor) {
    // What lies between is gone. Watchers that stood before it find that in the log themselves.
    const std::lock_guard lock(mutex_);
    for (auto& [name, cursors] : watched_) {
      for (const CursorPtr& cursor : cursors) {
        if (!cursor->behind) cursor->seen = revision_;
        cursor->behind = true;
      }
    }
    ring_.clear();
    ring_bytes_ = 0;
    known = revision_ = ring_base_ = state.floor;
    WakeAll();
  }
  while (known < state.revision) {
    ASSIGN_OR_RETURN(const auto commits, ReadLog(*view, known, kWatchPage, kWatchPageBytes));
    const Revision up_to = commits.empty() ? state.revision : commits.back()->revision;
    Publish(known, commits, up_to);
    known = up_to;
  }
  return Ok();
}

Revision WatchHub::revision() const {
  const std::lock_guard lock(mutex_);
  return revision_;
}

void WatchHub::Close() {
  std::shared_ptr<Backend> closing;  // outside the lock
  {
    const std::lock_guard lock(mutex_);
    closing.swap(log_);
    WakeAll();
  }
  notifier_.request_stop();  // it still comes to those just woken
}

bool WatchHub::HasInRing(Revision after) const { return after >= ring_base_; }

std::vector<CommitPtr> WatchHub::TakeFromRing(Revision after, std::size_t limit) const {
  const auto first = std::partition_point(ring_.begin(), ring_.end(), [&](const CommitPtr& commit) {
    return commit->revision <= after;
  });
  const auto count = std::min<std::ptrdiff_t>(ring_.end() - first, static_cast<int>(limit));
  return {first, first + count};
}

void WatchHub::Remember(const CommitPtr& commit) {
  ring_.push_back(commit);
  ring_bytes_ += commit->Bytes();
  while (ring_.size() > options_.max_commits || ring_bytes_ > options_.max_bytes) {
    ring_base_ = ring_.front()->revision;
    ring_bytes_ -= ring_.front()->Bytes();
    ring_.pop_front();
  }
}

void WatchHub::MarkWatchersOf(const Commit& commit) {
  if (watched_.empty()) return;
  for (const Change& change : commit.changes) {
    const std::string name = IndexName(change.key.space(), change.key.tuple());
    const std::size_t space = change.key.space().size() + 1;
    for (const std::size_t end : change.key.PartEnds()) {
      MarkWatchersOf(std::string_view(name).substr(0, space + end), commit.revision);
    }
  }
}

void WatchHub::MarkWatchersOf(std::string_view prefix, Revision revision) {
  const auto found = watched_.find(prefix);
  if (found == watched_.end()) return;
  for (const CursorPtr& cursor : found->second) {
    if (revision <= cursor->seen) continue;
    if (!cursor->behind) {
      cursor->behind = true;
      cursor->seen = revision - 1;
    }
    Wake(cursor);
  }
}

void WatchHub::Wake(const CursorPtr& cursor) {
  if (cursor->queued) return;
  cursor->queued = true;
  to_notify_.push_back(cursor);
}

void WatchHub::WakeAll() {
  for (auto& [name, cursors] : watched_) {
    for (const CursorPtr& cursor : cursors) Wake(cursor);
  }
  notify_.notify_one();
}

void WatchHub::Forget(const CursorPtr& cursor) {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(IndexName(cursor->prefix.space(), cursor->prefix.tuple()));
  if (found == watched_.end()) return;
  std::erase(found->second, cursor);
  if (found->second.empty()) watched_.erase(found);
}

// Waking a thousand watchers takes a while, which the writer should not wait for.
void WatchHub::RunNotifier(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (notify_.wait(lock, stop, [&] { return !to_notify_.empty(); })) {
    std::vector<CursorPtr> woken;
    woken.swap(to_notify_);
    for (const CursorPtr& cursor : woken) cursor->queued = false;
    lock.unlock();
    for (const CursorPtr& cursor : woken) {
      cursor->changed.notify_all();
      cursor->ready.Call();
    }
    woken.clear();
    lock.lock();
  }
}

}  // namespace weir::control
