#include "datasets/history_cache.h"

#include <algorithm>
#include <utility>

namespace weir::datasets {

HistoryCache::HistoryCache(PackStore* packs) : packs_(packs) {
  // A history that nobody asks for would hold packed slices that are to go.
  if (packs_ != nullptr) packs_->OnGone([this](const odf::DatasetId& id) { Forget(id); });
}

HistoryCache::~HistoryCache() {
  if (packs_ != nullptr) packs_->OnGone({});
}

std::shared_ptr<const History> HistoryCache::Find(const odf::DatasetId& id) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.history;
}

void HistoryCache::Forget(const odf::DatasetId& id) {
  Kept gone;  // its files go after the lock
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return;
  files_ -= found->second.history->parts.size();
  gone = std::move(found->second);
  kept_.erase(found);
}

void HistoryCache::Keep(const odf::DatasetId& id, std::shared_ptr<const History> history) {
  const std::lock_guard lock(mutex_);
  Kept& kept = kept_[id];
  if (kept.history) files_ -= kept.history->parts.size();
  files_ += history->parts.size();
  kept = {std::move(history), ++uses_};
  while (files_ > kMostFiles && kept_.size() > 1) {
    const auto oldest =
        std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.used; });
    files_ -= oldest->second.history->parts.size();
    kept_.erase(oldest);
  }
}

}  // namespace weir::datasets
