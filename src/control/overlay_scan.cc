#include "control/overlay_scan.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace weir::control {

void ScanOverlay::Put(Entry entry) {
  if (IsWanted(entry.key)) changed_.emplace(entry.key, std::move(entry));
}

void ScanOverlay::Delete(const Key& key) {
  if (IsWanted(key)) changed_.emplace(key, std::nullopt);
}

bool ScanOverlay::IsWanted(const Key& key) const {
  if (!options_.after) return true;
  return options_.reverse ? key < *options_.after : *options_.after < key;
}

Result<std::vector<Entry>> ScanOverlay::Merge(Snapshot& base) && {
  // Each change hides at most one entry below it, so with that many more enough of them remain.
  ScanOptions wider = options_;
  wider.limit =
      std::min(options_.limit, std::numeric_limits<std::size_t>::max() / 2) + changed_.size();
  ASSIGN_OR_RETURN(std::vector<Entry> found, base.Scan(prefix_, wider));
  std::erase_if(found, [&](const Entry& entry) { return changed_.contains(entry.key); });
  const auto middle = static_cast<std::ptrdiff_t>(found.size());
  for (auto& [key, entry] : changed_) {
    if (entry) found.push_back(*std::move(entry));
  }
  const auto before = [&](const Entry& a, const Entry& b) {
    return options_.reverse ? b.key < a.key : a.key < b.key;
  };
  if (options_.reverse) std::reverse(found.begin() + middle, found.end());
  std::inplace_merge(found.begin(), found.begin() + middle, found.end(), before);
  if (found.size() > options_.limit) found.resize(options_.limit, Entry{prefix_, {}, 0});
  return found;
}

}  // namespace weir::control
