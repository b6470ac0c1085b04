#pragma once

#include <memory>
#include <thread>

#include "base/clock.h"
#include "control/committer.h"
#include "control/store.h"
#include "control/watch_hub.h"
#include "control/work_queue.h"

namespace weir::control {

/// What OpenSqliteStore and OpenPostgresStore have in common.
struct StoreOptions {
  std::size_t max_batch = 512;  ///< transactions that share one commit
  WorkQueue::Options queue = {};
  Retention retention = {};
  WatchHub::Options watch = {};
};

/// The Store: callers queue, one writer thread runs what has gathered as one batch (committer.h),
/// watchers hear of it from a hub (watch_hub.h), and everybody reads from views of the backend.
class GroupCommitStore final : public Store {
 public:
  /// `clock` outlives it.
  static Result<std::unique_ptr<GroupCommitStore>> Open(std::shared_ptr<Backend> backend,
                                                        const StoreOptions& options,
                                                        const Clock& clock);
  ~GroupCommitStore() override;

  Result<Revision> Transact(const Context& context,
                            const std::function<Status(Transaction&)>& body) override;
  Result<std::unique_ptr<Snapshot>> Read(const Context& context) override;
  Result<std::unique_ptr<Watcher>> Watch(const Key& prefix, Revision from) override;
  Result<std::vector<OutboxEvent>> ReadOutbox(const Context& context, const std::string& topic,
                                              const std::string& consumer,
                                              std::size_t limit) override;
  Status AcknowledgeOutbox(const Context& context, const std::string& topic,
                           const std::string& consumer, std::int64_t position) override;
  Result<Lease> Acquire(const Context& context, const std::string& name, const std::string& holder,
                        std::chrono::milliseconds ttl) override;
  Status Renew(const Context& context, const Lease& lease, std::chrono::milliseconds ttl) override;
  Status Release(const Context& context, const Lease& lease) override;
  Revision revision() const override;

  WatchHub& hub() { return *hub_; }

 private:
  GroupCommitStore(std::shared_ptr<Backend> backend, std::shared_ptr<WatchHub> hub,
                   const StoreOptions& options, const Clock& clock);

  Result<Revision> Submit(const Context& context, std::function<Status(BatchTransaction&)> body);
  void RunWriter();

  const std::shared_ptr<Backend> backend_;
  const std::shared_ptr<WatchHub> hub_;
  const std::size_t max_batch_;
  WorkQueue queue_;
  Committer committer_;
  std::unique_ptr<Backend::Follower> follower_;
  std::thread writer_;  // last: it starts when everything else is there
};

}  // namespace weir::control
