#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <stop_token>
#include <thread>

#include "base/log.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/state_store.h"
#include "engine/engine.h"

namespace weir::catalog {

/// Makes new bases of kept states where that pays: a thread that looks at every dataset some time
/// after the start, then at those whose heads moved, with an engine of its own that opens when
/// there is work. Nothing waits for it, and what it leaves undone is done by the next commit or
/// start.
///
/// Made in server/wiring.cc; what it is given outlives it.
class StateKeeper {
 public:
  /// A command that opens the home for itself is over before this, and does not pay for it.
  static constexpr std::chrono::milliseconds kFirstLook{3'000};

  static Result<std::unique_ptr<StateKeeper>> Start(
      datasets::ChainStore& chains, datasets::StateStore& states, engine::EngineOptions options,
      Logger& log, std::chrono::milliseconds first_look = kFirstLook);
  /// Leaves what it is at.
  ~StateKeeper();

 private:
  StateKeeper(datasets::ChainStore& chains, datasets::StateStore& states,
              engine::EngineOptions options, Logger& log, std::unique_ptr<control::Watcher> watcher,
              std::chrono::milliseconds first_look);

  void Work(const std::stop_token& stop);
  Status WaitAndRefresh(const Context& context);
  Status RefreshAll(const Context& context);
  Status RefreshEach(const Context& context, const std::set<odf::DatasetId>& ids);
  Status Refresh(const Context& context, const odf::DatasetId& id);

  datasets::ChainStore& chains_;
  datasets::StateStore& states_;
  const engine::EngineOptions options_;
  Logger& log_;
  std::unique_ptr<control::Watcher> watcher_;
  const std::chrono::milliseconds first_look_;
  std::unique_ptr<engine::Engine> engine_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace weir::catalog
