#include "control/group_commit_store.h"

#include <algorithm>
#include <utility>

#include "control/leases.h"
#include "control/outbox.h"

namespace weir::control {

Result<std::unique_ptr<GroupCommitStore>> GroupCommitStore::Open(std::shared_ptr<Backend> backend,
                                                                 const StoreOptions& options,
                                                                 const Clock& clock) {
  Revision now = 0;
  {
    ASSIGN_OR_RETURN(const auto view, backend->OpenView(Context::Background()));
    now = view->revision();
  }
  auto hub = WatchHub::Start(backend, now, options.watch);
  return std::unique_ptr<GroupCommitStore>(
      new GroupCommitStore(std::move(backend), std::move(hub), options, clock));
}

GroupCommitStore::GroupCommitStore(std::shared_ptr<Backend> backend, std::shared_ptr<WatchHub> hub,
                                   const StoreOptions& options, const Clock& clock)
    : backend_(std::move(backend)),
      hub_(std::move(hub)),
      max_batch_(options.max_batch),
      queue_(options.queue),
      committer_(*backend_, *hub_, clock, options.retention),
      follower_(backend_->Follow([this](Revision revision) {
        // What fails here is tried again with the next call.
        if (hub_->revision() < revision) (void)hub_->CatchUp();
      })),
      writer_([this] { RunWriter(); }) {}

GroupCommitStore::~GroupCommitStore() {
  follower_.reset();
  queue_.Close();
  writer_.join();
  hub_->Close();
}

void GroupCommitStore::RunWriter() {
  while (true) {
    const std::vector<Work*> batch = queue_.Take(max_batch_);
    if (batch.empty()) return;
    queue_.Finish(committer_.Run(batch));
    backend_->Tidy(batch.size() > 1);
  }
}

Result<Revision> GroupCommitStore::Submit(const Context& context,
                                          std::function<Status(BatchTransaction&)> body) {
  // It would wait for itself.
  WEIR_CHECK_MSG(std::this_thread::get_id() != writer_.get_id(),
                 "a transaction's body must only use its argument");
  return queue_.Submit(context, std::move(body));
}

Result<Revision> GroupCommitStore::Transact(const Context& context,
                                            const std::function<Status(Transaction&)>& body) {
  return Submit(context, [&body](BatchTransaction& transaction) { return body(transaction); });
}

Result<std::unique_ptr<Snapshot>> GroupCommitStore::Read(const Context& context) {
  RETURN_IF_ERROR(context.Check());
  ASSIGN_OR_RETURN(std::unique_ptr<Snapshot> view, backend_->OpenView(context));
  return view;
}

Result<std::unique_ptr<Watcher>> GroupCommitStore::Watch(const Key& prefix, Revision from) {
  return hub_->Watch(prefix, from);
}

Result<std::vector<OutboxEvent>> GroupCommitStore::ReadOutbox(const Context& context,
                                                              const std::string& topic,
                                                              const std::string& consumer,
                                                              std::size_t limit) {
  RETURN_IF_ERROR(context.Check());
  ASSIGN_OR_RETURN(const auto view, backend_->OpenView(context));
  return ReadOutboxEvents(*view, topic, consumer, limit);
}

Status GroupCommitStore::AcknowledgeOutbox(const Context& context, const std::string& topic,
                                           const std::string& consumer, std::int64_t position) {
  RETURN_IF_ERROR(Submit(context, [&](BatchTransaction& transaction) {
    return AcknowledgeEvents(transaction.overlay(), topic, consumer, position);
  }));
  return Ok();
}

Result<Lease> GroupCommitStore::Acquire(const Context& context, const std::string& name,
                                        const std::string& holder, std::chrono::milliseconds ttl) {
  Lease lease;
  RETURN_IF_ERROR(Submit(context, [&](BatchTransaction& transaction) -> Status {
    ASSIGN_OR_RETURN(lease, AcquireLease(transaction.overlay(), name, holder, ttl));
    return Ok();
  }));
  return lease;
}

Status GroupCommitStore::Renew(const Context& context, const Lease& lease,
                               std::chrono::milliseconds ttl) {
  RETURN_IF_ERROR(Submit(context, [&](BatchTransaction& transaction) {
    return RenewLease(transaction.overlay(), lease, ttl);
  }));
  return Ok();
}

Status GroupCommitStore::Release(const Context& context, const Lease& lease) {
  RETURN_IF_ERROR(Submit(context, [&](BatchTransaction& transaction) {
    return ReleaseLease(transaction.overlay(), lease);
  }));
  return Ok();
}

Revision GroupCommitStore::revision() const {
  return std::max(committer_.revision(), hub_->revision());
}

}  // namespace weir::control
