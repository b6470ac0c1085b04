#pragma once

#include <map>
#include <optional>
#include <vector>

#include "control/store.h"

namespace weir::control {

/// One Scan over a snapshot with changes laid over it: what was put is seen, what was deleted is
/// not. Collect the changes under the prefix, then Merge.
class ScanOverlay {
 public:
  ScanOverlay(const Key& prefix, const ScanOptions& options) : prefix_(prefix), options_(options) {}

  void Put(Entry entry);
  void Delete(const Key& key);
  Result<std::vector<Entry>> Merge(Snapshot& base) &&;

 private:
  bool IsWanted(const Key& key) const;

  const Key& prefix_;
  const ScanOptions& options_;
  std::map<Key, std::optional<Entry>> changed_;
};

}  // namespace weir::control
