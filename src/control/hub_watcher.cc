#include "control/hub_watcher.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace weir::control {
namespace {

constexpr int kPagesPerPoll = 16;  // then a bookmark tells how far it came
constexpr std::chrono::hours kLongestWait{1};

}  // namespace

HubWatcher::~HubWatcher() {
  cursor_->ready.Set({});
  hub_->Forget(cursor_);
}

Result<std::vector<WatchEvent>> HubWatcher::Poll(std::size_t max_events) {
  const std::lock_guard one(polling_);
  auto events = PollPages(std::max<std::size_t>(max_events, 1));
  if (!events && events.error().code == ErrorCode::kExhausted) {
    const std::lock_guard lock(hub_->mutex_);
    cursor_->over = events.error();
  }
  return events;
}

Result<std::vector<WatchEvent>> HubWatcher::PollPages(std::size_t max_events) {
  std::vector<WatchEvent> events;
  for (int pages = 0; pages < kPagesPerPoll && events.size() < max_events; ++pages) {
    ASSIGN_OR_RETURN(const Page page, NextPage());
    cursor_->from_beginning = false;
    if (page.caught_up) return Finish(std::move(events), true);
    Revision seen = 0;
    for (const CommitPtr& commit : page.commits) {
      if (events.size() >= max_events) break;
      Collect(*commit, events);
      seen = commit->revision;
    }
    const std::lock_guard lock(hub_->mutex_);
    cursor_->seen = std::max(cursor_->seen, seen);
  }
  return Finish(std::move(events), false);
}

Result<HubWatcher::Page> HubWatcher::NextPage() {
  Revision after = 0;
  {
    const std::lock_guard lock(hub_->mutex_);
    if (cursor_->over) return *cursor_->over;
    if (!hub_->log_) return Unavailable("the store is closed");
    if (!cursor_->behind || hub_->HasInRing(cursor_->seen)) return PageOfRing();
    after = cursor_->seen;
  }
  return PageOfLog(after);
}

Result<HubWatcher::Page> HubWatcher::PageOfRing() {
  Page page;
  if (cursor_->behind) page.commits = hub_->TakeFromRing(cursor_->seen, kWatchPage);
  if (page.commits.empty()) {
    cursor_->seen = std::max(cursor_->seen, hub_->revision_);
    cursor_->behind = false;
    page.caught_up = true;
  }
  return page;
}

Result<HubWatcher::Page> HubWatcher::PageOfLog(Revision after) {
  ASSIGN_OR_RETURN(const auto view, hub_->OpenLog());
  const StoreState& state = view->state();
  if (after < state.floor && !cursor_->from_beginning) return TooOld(after);
  Page page;
  after = std::max(after, state.floor);
  ASSIGN_OR_RETURN(page.commits, ReadLog(*view, after, kWatchPage, kWatchPageBytes));
  const std::lock_guard lock(hub_->mutex_);
  cursor_->seen = page.commits.empty() ? state.revision : after;
  return page;
}

void HubWatcher::Collect(const Commit& commit, std::vector<WatchEvent>& events) const {
  for (const Change& change : commit.changes) {
    if (!cursor_->prefix.IsPrefixOf(change.key)) continue;
    events.push_back({.kind = change.value ? WatchEvent::Kind::kPut : WatchEvent::Kind::kDelete,
                      .revision = commit.revision,
                      .key = change.key,
                      .value = change.value ? *change.value : std::string()});
  }
}

std::vector<WatchEvent> HubWatcher::Finish(std::vector<WatchEvent> events, bool caught_up) {
  const std::lock_guard lock(hub_->mutex_);
  if (!events.empty()) {
    cursor_->told = events.back().revision;
  } else if (cursor_->seen > cursor_->told && (!caught_up || IsDue())) {
    cursor_->told = cursor_->seen;
    events.push_back({.kind = WatchEvent::Kind::kBookmark, .revision = cursor_->seen});
  }
  if (!caught_up) {
    hub_->Wake(cursor_);
    hub_->notify_.notify_one();
  }
  return events;
}

bool HubWatcher::IsDue() const {
  return hub_->revision_ - cursor_->told >= hub_->options_.bookmark_every;
}

Result<std::vector<WatchEvent>> HubWatcher::Next(const Context& context, std::size_t max_events) {
  const auto deadline = std::chrono::steady_clock::now() + context.Remaining(kLongestWait);
  while (true) {
    ASSIGN_OR_RETURN(auto events, Poll(max_events));
    if (!events.empty()) return events;
    std::unique_lock lock(hub_->mutex_);
    const bool woken = cursor_->changed.wait_until(lock, context.cancel_token(), deadline, [&] {
      return cursor_->behind || !hub_->log_ || IsDue();
    });
    if (context.cancel_token().stop_requested()) return Cancelled("the caller gave up");
    if (!woken) return events;
  }
}

void HubWatcher::OnReady(std::function<void()> ready) {
  const bool wanted = static_cast<bool>(ready);
  cursor_->ready.Set(std::move(ready));
  if (!wanted) return;
  const std::lock_guard lock(hub_->mutex_);
  if (!cursor_->behind && !IsDue()) return;
  hub_->Wake(cursor_);
  hub_->notify_.notify_one();
}

}  // namespace weir::control
