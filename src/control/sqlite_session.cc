#include "control/sqlite_session.h"

#include <sqlite3.h>

#include <utility>

#include "control/change_id.h"

namespace weir::control {

Result<std::unique_ptr<WriteSession>> SqliteSession::Begin(SqliteConnection& connection) {
  RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  auto session = std::unique_ptr<SqliteSession>(new SqliteSession(connection));
  ASSIGN_OR_RETURN(session->state_, session->reads_.ReadState());
  return session;
}

SqliteSession::~SqliteSession() {
  // SQLite has ended the transaction by itself after some errors; a rollback touches no disk.
  if (connection_.IsInTransaction()) (void)connection_.Execute("ROLLBACK");
}

Status SqliteSession::Write(const BatchWrites& writes) {
  RETURN_IF_ERROR(WriteEntries(writes));
  RETURN_IF_ERROR(WriteCommits(writes));
  RETURN_IF_ERROR(WriteEvents(writes));
  RETURN_IF_ERROR(Trim(writes));
  RETURN_IF_ERROR(WriteState(writes.state));
  state_ = writes.state;
  return Ok();
}

Status SqliteSession::WriteEntries(const BatchWrites& writes) {
  ASSIGN_OR_RETURN(SqliteQuery put,
                   connection_.Prepare("INSERT OR REPLACE INTO entries VALUES (?1, ?2, ?3, ?4)"));
  ASSIGN_OR_RETURN(SqliteQuery erase,
                   connection_.Prepare("DELETE FROM entries WHERE space = ?1 AND tuple = ?2"));
  for (const auto& entry : writes.entries) {
    SqliteQuery& query = entry.value ? put : erase;
    query.BindText(1, entry.key.space());
    query.BindBlob(2, entry.key.tuple());
    if (entry.value) {
      query.BindBlob(3, *entry.value);
      query.Bind(4, entry.revision);
    }
    RETURN_IF_ERROR(query.Run());
  }
  return Ok();
}

Status SqliteSession::WriteCommits(const BatchWrites& writes) {
  ASSIGN_OR_RETURN(SqliteQuery commit_row,
                   connection_.Prepare("INSERT INTO commits VALUES (?1, ?2, ?3, ?4)"));
  ASSIGN_OR_RETURN(SqliteQuery change_row,
                   connection_.Prepare("INSERT INTO changes VALUES (?1, ?2, ?3, ?4)"));
  for (const CommitPtr& commit : writes.commits) {
    commit_row.Bind(1, commit->revision);
    commit_row.Bind(2, commit->time.time_since_epoch().count());
    commit_row.Bind(3, static_cast<std::int64_t>(commit->changes.size()));
    commit_row.Bind(4, commit->Bytes());
    RETURN_IF_ERROR(commit_row.Run());
    std::size_t place = 0;
    for (const Change& change : commit->changes) {
      change_row.Bind(1, ChangeId(commit->revision, place++));
      change_row.BindText(2, change.key.space());
      change_row.BindBlob(3, change.key.tuple());
      if (change.value) {
        change_row.BindBlob(4, *change.value);
      } else {
        change_row.BindNull(4);
      }
      RETURN_IF_ERROR(change_row.Run());
    }
  }
  return Ok();
}

Status SqliteSession::WriteEvents(const BatchWrites& writes) {
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5)"));
  for (const StoredEvent& event : writes.events) {
    query.Bind(1, event.position);
    query.BindText(2, event.topic);
    query.Bind(3, event.revision);
    query.Bind(4, event.time.time_since_epoch().count());
    query.BindBlob(5, event.payload);
    RETURN_IF_ERROR(query.Run());
  }
  return Ok();
}

Status SqliteSession::Trim(const BatchWrites& writes) {
  for (const auto& trim : writes.outbox_trims) {
    ASSIGN_OR_RETURN(SqliteQuery query,
                     connection_.Prepare("DELETE FROM outbox WHERE topic = ?1 AND position <= ?2"));
    query.BindText(1, trim.topic);
    query.Bind(2, trim.up_to);
    RETURN_IF_ERROR(query.Run());
  }
  if (writes.log_trim == 0) return Ok();
  ASSIGN_OR_RETURN(SqliteQuery changes, connection_.Prepare("DELETE FROM changes WHERE id < ?1"));
  changes.Bind(1, ChangeId(writes.log_trim + 1, 0));
  RETURN_IF_ERROR(changes.Run());
  ASSIGN_OR_RETURN(SqliteQuery commits,
                   connection_.Prepare("DELETE FROM commits WHERE revision <= ?1"));
  commits.Bind(1, writes.log_trim);
  return commits.Run();
}

Status SqliteSession::WriteState(const StoreState& state) {
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("UPDATE state SET revision = ?1, floor = ?2, position = ?3, "
                                       "log_changes = ?4, log_bytes = ?5 WHERE id = 0"));
  query.Bind(1, state.revision);
  query.Bind(2, state.floor);
  query.Bind(3, state.position);
  query.Bind(4, state.log_changes);
  query.Bind(5, state.log_bytes);
  return query.Run();
}

Status SqliteSession::Commit() {
  Status status = connection_.Execute("COMMIT");
  if (status) return status;
  // When the log could not be written or flushed, a power cut may still find the commit there.
  if ((sqlite3_errcode(connection_.handle()) & 0xFF) == SQLITE_IOERR) {
    return Unavailable("{}; the outcome of the transaction is unknown", status.error().message)
        .WithHint("Check the disk, then read before trying again");
  }
  return status;
}

}  // namespace weir::control
