#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>

#include "base/clock.h"
#include "control/backend.h"
#include "control/batch_transaction.h"
#include "control/retention.h"
#include "control/watch_hub.h"

namespace weir::control {

/// A transaction that waits for its turn, and then its outcome.
struct Work {
  std::function<Status(BatchTransaction&)> body;
  Result<Revision> outcome = Internal("the transaction did not run");
};

/// Runs transactions in batches: each body after the other over one Overlay, then one write and one
/// durable commit for all that succeeded. So the price of a flush is shared by everyone who waited
/// for the one before. Used by one thread.
class Committer {
 public:
  /// `backend`, `hub` and `clock` outlive it.
  Committer(Backend& backend, WatchHub& hub, const Clock& clock, Retention retention);

  /// Runs works from the front of `batch`, all of them unless their writes come to too much for one
  /// commit; returns how many. Each of those has its outcome, is durable if that is a success, and
  /// has been published to watchers.
  std::size_t Run(std::span<Work* const> batch);

  /// The newest commit that this committer knows of. From any thread.
  Revision revision() const { return revision_.load(std::memory_order_acquire); }

 private:
  struct Ran {
    std::size_t count = 0;
    Status status;
  };

  Ran RunOnce(std::span<Work* const> batch);
  std::size_t RunBodies(std::span<Work* const> batch, Overlay& overlay);
  Status Commit(WriteSession& session, Overlay overlay);
  Status TrimEvents(WriteSession& session, Overlay& overlay) const;
  Status TrimLog(WriteSession& session, BatchWrites& writes, Timestamp now) const;

  Backend& backend_;
  WatchHub& hub_;
  const Clock& clock_;
  const Retention retention_;
  std::atomic<Revision> revision_;
  Timestamp last_trim_{};
};

}  // namespace weir::control
