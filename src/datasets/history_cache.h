#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded_by.h"
#include "base/multihash.h"
#include "datasets/pack_store.h"
#include "engine/scan_source.h"
#include "odf/data_type.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// A file of a history: a slice, or a packed one that stands for many.
struct HistoryPart {
  std::uint64_t first_block = 0;  ///< number of the block of its first row
  std::uint64_t last_block = 0;   ///< at most: the last block of its last row
  std::uint64_t first_offset = 0;
  std::uint64_t last_offset = 0;
  bool only_appends = false;  ///< as far as its facts say
  /// The history ends inside of the file: there are more rows in it.
  bool is_cut = false;
  std::shared_ptr<const PackedFile> packed = {};  ///< null: a slice
};

/// All events of a dataset up to one block, as a relation. Immutable.
struct History {
  Multihash head = {};
  std::uint64_t sequence_number = 0;
  /// That the relation has: the one in force at the head.
  odf::DataSchema schema = {};
  std::string offset_column = {};
  std::shared_ptr<const engine::ScanSource> source = {};
  std::vector<HistoryPart> parts = {};  ///< by file, in the order of offsets
  /// No slice holds anything but appends, as far as their facts say.
  bool only_appends = true;
  std::shared_ptr<const PackedFiles> packed = {};  ///< those there were; null: none are kept

  /// Of the last row; nothing when there is none.
  std::optional<std::uint64_t> last_offset() const {
    return parts.empty() ? std::nullopt : std::optional(parts.back().last_offset);
  }
};

/// The newest history that was asked for of each dataset, so that the index is decoded once and
/// then only read on. Thread-safe; holds at most kMostFiles files, the rest is forgotten.
///
/// It knows where packed slices are, for they spare reading the index of what they stand for.
class HistoryCache {
 public:
  static constexpr std::size_t kMostFiles = 200'000;

  /// `packs` outlives it; null: every slice is read by itself.
  explicit HistoryCache(PackStore* packs = nullptr);
  ~HistoryCache();
  HistoryCache(const HistoryCache&) = delete;
  HistoryCache& operator=(const HistoryCache&) = delete;

  PackStore* packs() const { return packs_; }

  /// Null when none is kept.
  std::shared_ptr<const History> Find(const odf::DatasetId& id);
  void Forget(const odf::DatasetId& id);
  void Keep(const odf::DatasetId& id, std::shared_ptr<const History> history);

 private:
  struct Kept {
    std::shared_ptr<const History> history;
    std::uint64_t used = 0;
  };

  PackStore* const packs_;
  std::mutex mutex_;
  std::map<odf::DatasetId, Kept> kept_ WEIR_GUARDED_BY(mutex_);
  std::size_t files_ WEIR_GUARDED_BY(mutex_) = 0;
  std::uint64_t uses_ WEIR_GUARDED_BY(mutex_) = 0;
};

}  // namespace weir::datasets
