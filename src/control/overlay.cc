#include "control/overlay.h"

#include <algorithm>
#include <utility>

#include "control/overlay_scan.h"

namespace weir::control {

Overlay::Overlay(View& base, Timestamp now) : base_(base), now_(now), state_(base.state()) {}

Result<std::optional<Entry>> Overlay::Get(const Key& key) {
  const auto found = pending_.find(key);
  if (found == pending_.end()) return base_.Get(key);
  if (!found->second.value) return std::optional<Entry>();
  return std::optional(Entry{key, *found->second.value, found->second.revision});
}

Result<std::vector<Entry>> Overlay::Scan(const Key& prefix, const ScanOptions& options) {
  const auto first = pending_.lower_bound(prefix);
  auto last = first;
  ScanOverlay over(prefix, options);
  for (; last != pending_.end() && prefix.IsPrefixOf(last->first); ++last) {
    const auto& [key, pending] = *last;
    if (pending.value) {
      over.Put({key, *pending.value, pending.revision});
    } else {
      over.Delete(key);
    }
  }
  return std::move(over).Merge(base_);
}

void Overlay::Emit(const std::string& topic, std::string payload) {
  new_events_.push_back({.position = state_.position + static_cast<int>(new_events_.size()) + 1,
                         .revision = state_.revision + 1,
                         .time = now_,
                         .topic = topic,
                         .payload = std::move(payload)});
}

void Overlay::TrimOutbox(const std::string& topic, std::int64_t up_to) {
  new_trims_.push_back({topic, up_to});
}

void Overlay::Write(const Key& key, SharedValue value) {
  const auto found = pending_.find(key);
  touched_.try_emplace(key, found == pending_.end() ? std::nullopt : std::optional(found->second));
  const Revision revision = state_.revision + (key.space() == kOwnSpace ? 0 : 1);
  pending_[key] = {std::move(value), revision};
}

Result<Revision> Overlay::Seal() {
  ASSIGN_OR_RETURN(const bool counts, DropNothings());
  if (counts || !new_events_.empty()) SealCommit(state_.revision + 1);
  state_.position += static_cast<std::int64_t>(new_events_.size());
  for (StoredEvent& event : new_events_) {
    bytes_ += event.payload.size();
    events_.push_back(std::move(event));
  }
  std::move(new_trims_.begin(), new_trims_.end(), std::back_inserter(trims_));
  Forget();
  return state_.revision;
}

void Overlay::Undo() {
  for (const auto& [key, before] : touched_) Restore(key, before);
  Forget();
}

// A key that was absent before and is absent now did not change. Returns whether another one did.
Result<bool> Overlay::DropNothings() {
  bool counts = false;
  for (auto it = touched_.begin(); it != touched_.end();) {
    const auto& [key, before] = *it;
    bool present = true;
    if (!pending_.at(key).value) {
      ASSIGN_OR_RETURN(present, WasPresent(key, before));
    }
    if (present) {
      counts = counts || key.space() != kOwnSpace;
      ++it;
    } else {
      Restore(key, before);
      it = touched_.erase(it);
    }
  }
  return counts;
}

Result<bool> Overlay::WasPresent(const Key& key, const std::optional<Pending>& before) {
  if (before) return before->value != nullptr;
  ASSIGN_OR_RETURN(const auto entry, base_.Get(key));
  return entry.has_value();
}

void Overlay::Restore(const Key& key, const std::optional<Pending>& before) {
  if (before) {
    pending_[key] = *before;
  } else {
    pending_.erase(key);
  }
}

void Overlay::SealCommit(Revision revision) {
  auto commit = std::make_shared<Commit>(Commit{.revision = revision, .time = now_, .changes = {}});
  for (const auto& [key, before] : touched_) {
    if (key.space() != kOwnSpace) commit->changes.push_back({key, pending_.at(key).value});
  }
  const std::int64_t bytes = commit->Bytes();
  bytes_ += static_cast<std::size_t>(bytes);
  state_.revision = revision;
  state_.log_changes += static_cast<std::int64_t>(commit->changes.size());
  state_.log_bytes += bytes;
  commits_.push_back(std::move(commit));
}

void Overlay::Forget() {
  touched_.clear();
  new_events_.clear();
  new_trims_.clear();
}

bool Overlay::empty() const { return pending_.empty() && events_.empty() && trims_.empty(); }

BatchWrites Overlay::Take() && {
  BatchWrites writes;
  writes.entries.reserve(pending_.size());
  for (auto& [key, pending] : pending_) {
    writes.entries.push_back({key, std::move(pending.value), pending.revision});
  }
  writes.commits = std::move(commits_);
  writes.events = std::move(events_);
  writes.outbox_trims = std::move(trims_);
  writes.state = state_;
  return writes;
}

}  // namespace weir::control
