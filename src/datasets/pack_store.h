#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

#include "base/context.h"
#include "base/files.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "datasets/cache_part.h"
#include "datasets/packed_file.h"
#include "engine/scan_source.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// The packed slices of a home: which there are, and what queries filter datasets by. It knows no
/// chain: whoever reads one asks whether its head is on the chain (history.h), and pack.h makes
/// them.
///
/// Kept in a cache: what is missing or damaged is left aside, and the slices say the same.
/// Thread-safe. `files` outlives it and all it gave.
class PackStore final : public CachePart {
 public:
  PackStore(Files& files, std::filesystem::path directory)
      : files_(files), directory_(std::move(directory)) {}

  /// Never null. The first time in the life of a process every file is compared with its hash. The
  /// same value as long as nothing changes.
  Result<std::shared_ptr<const PackedFiles>> Find(const Context& context, const odf::DatasetId& id);

  /// Takes `made`, whose file lies in DirectoryOf(id), in place of those whose rows it has. When it
  /// fails everything is as it was, without the new file.
  Status Put(const Context& context, const odf::DatasetId& id, PackedRecord made);

  /// Those of `gone` are no more; whoever reads them finishes.
  Status Drop(const Context& context, const odf::DatasetId& id, const PackedFiles& gone);

  /// Bytes that are kept of a dataset.
  Result<std::uint64_t> KeptBytes(const odf::DatasetId& id) const override;

  /// Calls `forget` when files of a dataset are to go that are still found; empty: no more.
  void OnGone(std::function<void(const odf::DatasetId&)> forget);

  Result<std::vector<CacheEntry>> Entries() const override;
  Status Evict(const Context& context, const odf::DatasetId& id) override;

  /// Of what queries filter the dataset by, since the process began. Never null.
  std::shared_ptr<engine::FilterTally> TallyOf(const odf::DatasetId& id);

  std::filesystem::path DirectoryOf(const odf::DatasetId& id) const;
  Files& files() { return files_; }

 private:
  std::shared_ptr<const PackedFiles> Known(const odf::DatasetId& id);
  Result<PackedFiles> Load(const Context& context, const odf::DatasetId& id) const;
  void TellGone(const odf::DatasetId& id);
  Status DropKnown(const odf::DatasetId& id, const PackedFiles& gone);
  Status Replace(const odf::DatasetId& id, PackedFiles files);

  Files& files_;
  const std::filesystem::path directory_;
  UseTimes uses_;
  std::mutex changing_;  // held while files and records change, before mutex_
  std::mutex mutex_;
  std::map<odf::DatasetId, std::shared_ptr<const PackedFiles>> known_ WEIR_GUARDED_BY(mutex_);
  std::function<void(const odf::DatasetId&)> forget_ WEIR_GUARDED_BY(mutex_);
  std::map<odf::DatasetId, std::shared_ptr<engine::FilterTally>> tallies_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::datasets
