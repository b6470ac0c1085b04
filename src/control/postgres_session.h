#pragma once

#include <functional>
#include <memory>
#include <string>

#include "control/pooled_view.h"
#include "control/postgres_connection.h"
#include "control/postgres_reads.h"

namespace weir::control {

using PostgresView = PooledView<PostgresConnection, PostgresReads>;

/// The writer's transaction. It holds the lock on the state row, so writers of all processes take
/// turns, and revisions rise in the order of commits.
class PostgresSession final : public SessionReads<PostgresReads> {
 public:
  /// Opens a new connection to replace a lost one.
  using Reconnect = std::function<Result<PostgresConnection*>()>;

  /// `token` tells this transaction from those of other processes; `channel` hears of its commit.
  static Result<std::unique_ptr<WriteSession>> Begin(PostgresConnection& connection,
                                                     std::int64_t token, std::string channel,
                                                     Reconnect reconnect);
  ~PostgresSession() override;

  Status Write(const BatchWrites& writes) override;
  Status Commit() override;

 private:
  PostgresSession(PostgresConnection& connection, std::int64_t token, std::string channel,
                  Reconnect reconnect);
  Status WriteEntries(const BatchWrites& writes);
  Status WriteCommits(const BatchWrites& writes);
  Status WriteEvents(const BatchWrites& writes);
  Status Trim(const BatchWrites& writes);
  Status WriteState(const StoreState& state);
  Status FindOutcome();

  PostgresConnection* connection_;  // null once the transaction is over
  const std::int64_t token_;
  const std::string channel_;
  const Reconnect reconnect_;
  Revision first_commit_ = 0;  // of this transaction; 0: none
};

}  // namespace weir::control
