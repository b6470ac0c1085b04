#pragma once

#include <memory>

#include "control/pooled_view.h"
#include "control/sqlite_connection.h"
#include "control/sqlite_reads.h"

namespace weir::control {

using SqliteView = PooledView<SqliteConnection, SqliteReads>;

/// The writer's transaction.
class SqliteSession final : public SessionReads<SqliteReads> {
 public:
  static Result<std::unique_ptr<WriteSession>> Begin(SqliteConnection& connection);
  ~SqliteSession() override;

  Status Write(const BatchWrites& writes) override;
  Status Commit() override;

 private:
  explicit SqliteSession(SqliteConnection& connection)
      : SessionReads(connection), connection_(connection) {}
  Status WriteEntries(const BatchWrites& writes);
  Status WriteCommits(const BatchWrites& writes);
  Status WriteEvents(const BatchWrites& writes);
  Status Trim(const BatchWrites& writes);
  Status WriteState(const StoreState& state);

  SqliteConnection& connection_;
};

}  // namespace weir::control
