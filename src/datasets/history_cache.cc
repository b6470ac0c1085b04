#include "datasets/history_cache.h"

#include <algorithm>
#include <utility>

namespace weir::datasets {

std::shared_ptr<const History> HistoryCache::Find(const odf::DatasetId& id) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) return nullptr;
  found->second.used = ++uses_;
  return found->second.history;
}

void HistoryCache::Keep(const odf::DatasetId& id, std::shared_ptr<const History> history) {
  const std::lock_guard lock(mutex_);
  Kept& kept = kept_[id];
  if (kept.history) files_ -= kept.history->sequences.size();
  files_ += history->sequences.size();
  kept = {std::move(history), ++uses_};
  while (files_ > kMostFiles && kept_.size() > 1) {
    const auto oldest =
        std::ranges::min_element(kept_, {}, [](const auto& entry) { return entry.second.used; });
    files_ -= oldest->second.history->sequences.size();
    kept_.erase(oldest);
  }
}

}  // namespace weir::datasets
