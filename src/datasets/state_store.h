#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/files.h"
#include "base/guarded_by.h"
#include "base/result.h"
#include "datasets/cache_part.h"
#include "datasets/chain_store.h"
#include "datasets/history.h"
#include "datasets/state_base.h"
#include "engine/engine.h"

namespace weir::datasets {

/// Events that come to the same state as all of a history, and usually are far fewer: the last one
/// of each key decides, as in the history.
struct StateEvents {
  std::shared_ptr<const History> history = {};  ///< null: there is no schema yet
  std::shared_ptr<const engine::ScanSource> source = {};
  /// Each key has one row, and no event took it away: the rows are the state as they stand.
  bool is_state = false;
};

struct StateStoreOptions {
  std::uint64_t least_rows = 100'000;      ///< of events after a base, that make a new one pay
  std::uint64_t rows_of_file = 1'000'000;  ///< about; files are what filters on the key leave out
};

/// The states of datasets whose rows have a key, kept so that neither a query nor a merge goes
/// through history: a base, which holds the rows as of some block ordered by key, and the slices of
/// later blocks, which are ordered by key too and need no copy. A commit adds to it by being there.
///
/// Kept in a cache: what is missing, stale or damaged is left aside, the history stands in, and the
/// next Refresh makes it anew. Thread-safe. `chains` and `files` outlive it and all it gave.
class StateStore final : public CachePart {
 public:
  StateStore(ChainStore& chains, Files& files, std::filesystem::path directory,
             StateStoreOptions options = {});

  /// At any block; `key` are names of columns, not empty. A base of a later block or of another key
  /// does not serve.
  Result<StateEvents> Read(const Context& context, const odf::DatasetId& id, const ReadPoint& point,
                           const std::vector<std::string>& key);

  /// Whether enough was committed since the base that a new one would be made.
  Result<bool> Pays(const Context& context, const odf::DatasetId& id, const ReadPoint& point,
                    const std::vector<std::string>& key);

  /// Bytes of the files that are kept of a dataset.
  Result<std::uint64_t> KeptBytes(const odf::DatasetId& id) const override;

  Result<std::vector<CacheEntry>> Entries() const override;
  Status Evict(const Context& context, const odf::DatasetId& id) override;

  /// Makes a new base where that pays: true if it did. One at a time for a dataset. Work for a
  /// thread that nobody waits for.
  Result<bool> Refresh(const Context& context, engine::Engine& engine, const odf::DatasetId& id,
                       const ReadPoint& point, const std::vector<std::string>& key);

 private:
  Result<std::shared_ptr<StateBase>> BaseOf(const Context& context, const odf::DatasetId& id);
  Result<bool> Serves(const Context& context, const odf::DatasetId& id, const StateBase& base,
                      const ReadPoint& point, const std::vector<std::string>& key);
  std::filesystem::path DirectoryOf(const odf::DatasetId& id) const;
  ChainStore& chains_;
  Files& files_;
  const std::filesystem::path directory_;
  const StateStoreOptions options_;
  UseTimes uses_;
  std::mutex refreshing_;
  std::mutex loading_;
  std::mutex mutex_;
  // Null: there is none that can be read.
  std::map<odf::DatasetId, std::shared_ptr<StateBase>> bases_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::datasets
