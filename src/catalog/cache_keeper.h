#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "datasets/cache_part.h"
#include "datasets/chain_store.h"
#include "datasets/packer.h"
#include "datasets/state_store.h"
#include "engine/engine.h"

namespace weir::catalog {

struct CacheKeeperOptions {
  engine::EngineOptions engine = {};       ///< makes bases
  unsigned packing_percent = 50;           ///< of the time of a core; 0: nothing is packed
  std::uint64_t most_bytes = 16ULL << 30;  ///< that the parts of the cache keep together
  std::vector<datasets::CachePart*> parts = {};
  /// A command that opens the home for itself is over before this, and does not pay for it.
  std::chrono::milliseconds first_look{3'000};
};

/// Keeps the cache of a home: makes new bases of kept states where that pays, packs small slices,
/// and evicts what was not of use for long. A thread that looks at every dataset some time after
/// the start, then at those whose heads moved, with an engine of its own that opens when there is
/// work. Nothing waits for it, and what it leaves undone is done by the next commit or start.
///
/// After it packed for a while it rests for as long as its share of a core asks.
///
/// Made in server/wiring.cc; what it is given outlives it.
class CacheKeeper {
 public:
  static Result<std::unique_ptr<CacheKeeper>> Start(datasets::ChainStore& chains,
                                                    datasets::StateStore& states,
                                                    datasets::Packer& packer, Logger& log,
                                                    CacheKeeperOptions options);
  /// Leaves what it is at.
  ~CacheKeeper();

 private:
  CacheKeeper(datasets::ChainStore& chains, datasets::StateStore& states, datasets::Packer& packer,
              Logger& log, CacheKeeperOptions options, std::unique_ptr<control::Watcher> watcher);

  void Work(const std::stop_token& stop);
  Status WaitAndKeep(const Context& context, const std::stop_token& stop);
  Status KeepAll(const Context& context, const std::stop_token& stop);
  Status KeepEach(const Context& context, const std::stop_token& stop,
                  const std::set<odf::DatasetId>& ids);
  Result<bool> Refresh(const Context& context, const odf::DatasetId& id);
  Result<bool> Pack(const Context& context, const std::stop_token& stop, const odf::DatasetId& id);
  void Evict(const Context& context);

  datasets::ChainStore& chains_;
  datasets::StateStore& states_;
  datasets::Packer& packer_;
  Logger& log_;
  const CacheKeeperOptions options_;
  std::unique_ptr<control::Watcher> watcher_;
  std::unique_ptr<engine::Engine> engine_;
  std::set<odf::DatasetId> unpackable_;  // their rows are none that a packed slice can have
  std::jthread thread_;                  // last: it uses all the others
};

}  // namespace weir::catalog
