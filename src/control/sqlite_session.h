#pragma once

#include <memory>

#include "control/backend.h"
#include "control/sqlite_backend.h"
#include "control/sqlite_view.h"

namespace weir::control {

/// A read transaction on a connection of the pool.
class SqliteView final : public View {
 public:
  static Result<std::unique_ptr<View>> Open(std::shared_ptr<SqliteReaders> readers,
                                            const Context& context);
  ~SqliteView() override;

  const StoreState& state() const override { return state_; }
  Result<std::optional<Entry>> Get(const Key& key) override;
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options) override;
  Result<std::vector<Entry>> ReadEntries(const std::optional<Key>& after,
                                         std::size_t limit) override;
  Result<std::vector<CommitInfo>> ListCommits(Revision after, std::size_t limit) override;
  Result<std::vector<CommitPtr>> ReadCommits(Revision after, Revision up_to) override;
  Result<std::vector<StoredEvent>> ReadEvents(const std::optional<std::string>& topic,
                                              std::int64_t after, std::size_t limit) override;

 private:
  SqliteView(std::shared_ptr<SqliteReaders> readers, std::unique_ptr<SqliteConnection> connection,
             const Context& context);

  const std::shared_ptr<SqliteReaders> readers_;
  std::unique_ptr<SqliteConnection> connection_;
  SqliteReads reads_;
  const Context context_;
  StoreState state_;
};

/// The writer's transaction.
class SqliteSession final : public WriteSession {
 public:
  static Result<std::unique_ptr<WriteSession>> Begin(SqliteConnection& connection);
  ~SqliteSession() override;

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
  Status Write(const BatchWrites& writes) override;
  Status Commit() override;

 private:
  explicit SqliteSession(SqliteConnection& connection)
      : connection_(connection), reads_(connection) {}
  Status WriteEntries(const BatchWrites& writes);
  Status WriteCommits(const BatchWrites& writes);
  Status WriteEvents(const BatchWrites& writes);
  Status Trim(const BatchWrites& writes);
  Status WriteState(const StoreState& state);

  SqliteConnection& connection_;
  SqliteReads reads_;
  StoreState state_;
};

}  // namespace weir::control
