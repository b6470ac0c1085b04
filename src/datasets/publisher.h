#pragma once

#include <memory>
#include <stop_token>
#include <thread>

#include "base/log.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/split_store.h"

namespace weir::datasets {

/// Keeps the repositories in step with what is committed: a thread that brings pending blocks and
/// slices to them within a second of their commit, many commits at a time, and again after a while
/// when that fails. Nothing depends on it but those who read the repositories with other tools.
///
/// Made in server/wiring.cc; `chains` and `log` outlive it.
class Publisher {
 public:
  static Result<std::unique_ptr<Publisher>> Start(ChainStore& chains, Logger& log);

  /// Publishes what is still pending, and ends.
  ~Publisher();

 private:
  Publisher(ChainStore& chains, Logger& log, std::unique_ptr<control::Watcher> watcher);

  void Work(const std::stop_token& stop);
  Status WaitForPending(const Context& context);

  ChainStore& chains_;
  Logger& log_;
  std::unique_ptr<control::Watcher> watcher_;
  std::jthread thread_;
};

/// Brings every dataset and its repository together as a home is opened: what a crash left pending
/// is published, what another tool appended is adopted, and where both went on the dataset is
/// stopped. A dataset that cannot be read does not keep the home from opening; it is logged, and so
/// is a repository that is not there any more. Stores that are exchanged or missing do: errors as
/// FindMissing's and CheckRootsAreThere's. `split` is null when all datasets are in one store.
Status ReconcileAll(const Context& context, ChainStore& chains, SplitStore* split, Logger& log);

}  // namespace weir::datasets
