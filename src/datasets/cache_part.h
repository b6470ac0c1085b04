#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// What one part of the cache keeps of one dataset.
struct CacheEntry {
  odf::DatasetId id = {};
  std::uint64_t bytes = 0;
  Timestamp used = {};  ///< when it was last of use
};

/// A part of a home's cache that can be taken away, dataset by dataset: kept states, packed slices,
/// working state. Thread-safe.
class CachePart {
 public:
  virtual ~CachePart() = default;
  virtual Result<std::vector<CacheEntry>> Entries() const = 0;
  /// Bytes that are kept of a dataset.
  virtual Result<std::uint64_t> KeptBytes(const odf::DatasetId& id) const = 0;
  /// What somebody reads stays until they are done; nobody new finds it.
  virtual Status Evict(const Context& context, const odf::DatasetId& id) = 0;
};

/// When entries were last of use, as far as this process knows. Thread-safe.
class UseTimes {
 public:
  explicit UseTimes(const Clock& clock = SystemClock()) : clock_(clock) {}
  void Note(const odf::DatasetId& id);
  std::optional<Timestamp> Of(const odf::DatasetId& id) const;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<odf::DatasetId, Timestamp> times_ WEIR_GUARDED_BY(mutex_);
};

/// A part of which nothing is open longer than whoever opened it waits for: a directory of files
/// for each dataset, which go with it.
class DirectoryPart final : public CachePart {
 public:
  DirectoryPart(Files& files, std::filesystem::path directory)
      : files_(files), directory_(std::move(directory)) {}

  Result<std::vector<CacheEntry>> Entries() const override;
  Result<std::uint64_t> KeptBytes(const odf::DatasetId& id) const override;
  Status Evict(const Context& context, const odf::DatasetId& id) override;

 private:
  Files& files_;
  const std::filesystem::path directory_;
  UseTimes uses_;
};

struct Evicted {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
};

/// Evicts what was not of use for the longest time, until `parts` together keep at most
/// `most_bytes`. An entry that cannot be evicted is passed over; the first such error is returned
/// when the bound is not reached.
Result<Evicted> KeepWithin(const Context& context, std::span<CachePart* const> parts,
                           std::uint64_t most_bytes);

/// The entries of a part that has a directory for each dataset below `directory`, named by the
/// multibase text of its id. One that `uses` knows nothing of was last used when it was written.
Result<std::vector<CacheEntry>> EntriesBelow(const Files& files,
                                             const std::filesystem::path& directory,
                                             const UseTimes& uses);

}  // namespace weir::datasets
