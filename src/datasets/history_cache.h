#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/guarded_by.h"
#include "base/multihash.h"
#include "engine/scan_source.h"
#include "odf/data_type.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// All events of a dataset up to one block, as a relation. Immutable.
struct History {
  Multihash head = {};
  std::uint64_t sequence_number = 0;
  /// That the relation has: the one in force at the head.
  odf::DataSchema schema = {};
  std::shared_ptr<const engine::ScanSource> source = {};
  std::vector<std::uint64_t> sequences = {};  ///< by file: the number of its block; rising
  std::uint64_t last_offset = 0;              ///< where there is a file
  /// No slice holds anything but appends, as far as their facts say.
  bool only_appends = true;
};

/// The newest history that was asked for of each dataset, so that the index is decoded once and
/// then only read on. Thread-safe; holds at most kMostFiles files, the rest is forgotten.
class HistoryCache {
 public:
  static constexpr std::size_t kMostFiles = 200'000;

  /// Null when none is kept.
  std::shared_ptr<const History> Find(const odf::DatasetId& id);
  void Keep(const odf::DatasetId& id, std::shared_ptr<const History> history);

 private:
  struct Kept {
    std::shared_ptr<const History> history;
    std::uint64_t used = 0;
  };

  std::mutex mutex_;
  std::map<odf::DatasetId, Kept> kept_ WEIR_GUARDED_BY(mutex_);
  std::size_t files_ WEIR_GUARDED_BY(mutex_) = 0;
  std::uint64_t uses_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::datasets
