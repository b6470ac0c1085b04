#pragma once

#include <memory>
#include <utility>

#include "control/backend.h"
#include "control/connection_pool.h"

namespace weir::control {

/// A View over the reads of one database (SqliteReads, PostgresReads), which run in a read
/// transaction on a connection of the pool.
template <typename Connection, typename Reads>
class PooledView final : public View {
 public:
  using Pool = ConnectionPool<Connection>;

  static Result<std::unique_ptr<View>> Open(const std::shared_ptr<Pool>& pool,
                                            const Context& context) {
    // A connection that lay idle may have been cut since; a fresh one tells.
    for (bool may_retry = true;; may_retry = false) {
      ASSIGN_OR_RETURN(auto connection, pool->Take(context));
      auto view = std::unique_ptr<PooledView>(new PooledView(pool, std::move(connection), context));
      Status begun = view->Begin();
      if (begun) return view;
      if (!may_retry || view->connection_->IsSound()) return std::move(begun).error();
      pool->CloseIdle();
    }
  }

  ~PooledView() override {
    const bool ended = reads_.EndSnapshot() && connection_->IsSound();
    pool_->Return(ended ? std::move(connection_) : nullptr);
  }

  const StoreState& state() const override { return state_; }
  Result<std::optional<Entry>> Get(const Key& key) override {
    RETURN_IF_ERROR(context_.Check());
    return reads_.Get(key);
  }
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options) override {
    RETURN_IF_ERROR(context_.Check());
    return reads_.Scan(prefix, options);
  }
  Result<std::vector<Entry>> ReadEntries(const std::optional<Key>& after,
                                         std::size_t limit) override {
    RETURN_IF_ERROR(context_.Check());
    return reads_.ReadEntries(after, limit);
  }
  Result<std::vector<CommitInfo>> ListCommits(Revision after, std::size_t limit) override {
    RETURN_IF_ERROR(context_.Check());
    return reads_.ListCommits(after, limit);
  }
  Result<std::vector<CommitPtr>> ReadCommits(Revision after, Revision up_to) override {
    RETURN_IF_ERROR(context_.Check());
    return reads_.ReadCommits(after, up_to);
  }
  Result<std::vector<StoredEvent>> ReadEvents(const std::optional<std::string>& topic,
                                              std::int64_t after, std::size_t limit) override {
    RETURN_IF_ERROR(context_.Check());
    return reads_.ReadEvents(topic, after, limit);
  }

 private:
  PooledView(std::shared_ptr<Pool> pool, std::unique_ptr<Connection> connection,
             const Context& context)
      : pool_(std::move(pool)),
        connection_(std::move(connection)),
        reads_(*connection_),
        context_(context) {}

  Status Begin() {
    RETURN_IF_ERROR(reads_.BeginSnapshot());
    // The first read decides what the transaction sees.
    ASSIGN_OR_RETURN(state_, reads_.ReadState());
    return Ok();
  }

  const std::shared_ptr<Pool> pool_;
  std::unique_ptr<Connection> connection_;
  Reads reads_;
  const Context context_;
  StoreState state_;
};

/// The reading half of a WriteSession.
template <typename Reads>
class SessionReads : public WriteSession {
 public:
  const StoreState& state() const override { return state_; }
  Result<std::optional<Entry>> Get(const Key& key) override { return reads_.Get(key); }
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options) override {
    return reads_.Scan(prefix, options);
  }
  Result<std::vector<Entry>> ReadEntries(const std::optional<Key>& after,
                                         std::size_t limit) override {
    return reads_.ReadEntries(after, limit);
  }
  Result<std::vector<CommitInfo>> ListCommits(Revision after, std::size_t limit) override {
    return reads_.ListCommits(after, limit);
  }
  Result<std::vector<CommitPtr>> ReadCommits(Revision after, Revision up_to) override {
    return reads_.ReadCommits(after, up_to);
  }
  Result<std::vector<StoredEvent>> ReadEvents(const std::optional<std::string>& topic,
                                              std::int64_t after, std::size_t limit) override {
    return reads_.ReadEvents(topic, after, limit);
  }

 protected:
  template <typename Connection>
  explicit SessionReads(Connection& connection) : reads_(connection) {}

  Reads reads_;
  StoreState state_;
};

}  // namespace weir::control
