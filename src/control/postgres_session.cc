#include "control/postgres_session.h"

#include <optional>
#include <utility>

#include "control/change_id.h"

namespace weir::control {
namespace {

using Blob = std::optional<std::string_view>;

}  // namespace

Result<std::unique_ptr<WriteSession>> PostgresSession::Begin(PostgresConnection& connection,
                                                             std::int64_t token,
                                                             std::string channel,
                                                             Reconnect reconnect) {
  RETURN_IF_ERROR(connection.Execute("BEGIN ISOLATION LEVEL READ COMMITTED"));
  auto session = std::unique_ptr<PostgresSession>(
      new PostgresSession(connection, token, std::move(channel), std::move(reconnect)));
  // Every statement after this one sees all commits, because nobody else can make another.
  ASSIGN_OR_RETURN(session->state_, session->reads_.LockState());
  return session;
}

PostgresSession::PostgresSession(PostgresConnection& connection, std::int64_t token,
                                 std::string channel, Reconnect reconnect)
    : SessionReads(connection),
      connection_(&connection),
      token_(token),
      channel_(std::move(channel)),
      reconnect_(std::move(reconnect)) {}

PostgresSession::~PostgresSession() {
  if (connection_ != nullptr && connection_->IsSound()) (void)connection_->Execute("ROLLBACK");
}

Status PostgresSession::Write(const BatchWrites& writes) {
  RETURN_IF_ERROR(WriteEntries(writes));
  RETURN_IF_ERROR(WriteCommits(writes));
  RETURN_IF_ERROR(WriteEvents(writes));
  RETURN_IF_ERROR(Trim(writes));
  RETURN_IF_ERROR(WriteState(writes.state));
  state_ = writes.state;
  return Ok();
}

Status PostgresSession::WriteEntries(const BatchWrites& writes) {
  std::vector<std::string_view> spaces;
  std::vector<std::string_view> gone_spaces;
  std::vector<Blob> tuples;
  std::vector<Blob> gone_tuples;
  std::vector<Blob> values;
  std::vector<std::int64_t> revisions;
  for (const auto& entry : writes.entries) {
    (entry.value ? spaces : gone_spaces).push_back(entry.key.space());
    (entry.value ? tuples : gone_tuples).emplace_back(entry.key.tuple());
    if (!entry.value) continue;
    values.emplace_back(*entry.value);
    revisions.push_back(entry.revision);
  }
  if (!spaces.empty()) {
    RETURN_IF_ERROR(connection_->Run(
        "INSERT INTO entries "
        "SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bigint[]) "
        "ON CONFLICT (space, tuple) DO UPDATE "
        "SET value = excluded.value, revision = excluded.revision",
        PostgresParameters().Texts(spaces).Blobs(tuples).Blobs(values).Numbers(revisions)));
  }
  if (gone_spaces.empty()) return Ok();
  RETURN_IF_ERROR(connection_->Run(
      "DELETE FROM entries e USING unnest($1::text[], $2::bytea[]) AS gone(space, tuple) "
      "WHERE e.space = gone.space AND e.tuple = gone.tuple",
      PostgresParameters().Texts(gone_spaces).Blobs(gone_tuples)));
  return Ok();
}

Status PostgresSession::WriteCommits(const BatchWrites& writes) {
  if (writes.commits.empty()) return Ok();
  if (first_commit_ == 0) first_commit_ = writes.commits.front()->revision;
  std::vector<std::int64_t> revisions;
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> bytes;
  std::vector<std::int64_t> ids;
  std::vector<std::string_view> spaces;
  std::vector<Blob> tuples;
  std::vector<Blob> values;
  for (const CommitPtr& commit : writes.commits) {
    revisions.push_back(commit->revision);
    times.push_back(commit->time.time_since_epoch().count());
    counts.push_back(static_cast<std::int64_t>(commit->changes.size()));
    bytes.push_back(commit->Bytes());
    std::size_t place = 0;
    for (const Change& change : commit->changes) {
      ids.push_back(ChangeId(commit->revision, place++));
      spaces.push_back(change.key.space());
      tuples.emplace_back(change.key.tuple());
      values.push_back(change.value ? Blob(*change.value) : std::nullopt);
    }
  }
  RETURN_IF_ERROR(connection_->Run(
      "INSERT INTO commits SELECT *, $5::bigint "
      "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])",
      PostgresParameters().Numbers(revisions).Numbers(times).Numbers(counts).Numbers(bytes).Number(
          token_)));
  if (ids.empty()) return Ok();
  RETURN_IF_ERROR(connection_->Run(
      "INSERT INTO changes "
      "SELECT * FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[])",
      PostgresParameters().Numbers(ids).Texts(spaces).Blobs(tuples).Blobs(values)));
  return Ok();
}

Status PostgresSession::WriteEvents(const BatchWrites& writes) {
  if (writes.events.empty()) return Ok();
  std::vector<std::int64_t> positions;
  std::vector<Blob> topics;
  std::vector<std::int64_t> revisions;
  std::vector<std::int64_t> times;
  std::vector<Blob> payloads;
  for (const StoredEvent& event : writes.events) {
    positions.push_back(event.position);
    topics.emplace_back(event.topic);
    revisions.push_back(event.revision);
    times.push_back(event.time.time_since_epoch().count());
    payloads.emplace_back(event.payload);
  }
  RETURN_IF_ERROR(connection_->Run(
      "INSERT INTO outbox SELECT * FROM "
      "unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[])",
      PostgresParameters().Numbers(positions).Blobs(topics).Numbers(revisions).Numbers(times).Blobs(
          payloads)));
  return Ok();
}

Status PostgresSession::Trim(const BatchWrites& writes) {
  for (const auto& trim : writes.outbox_trims) {
    RETURN_IF_ERROR(
        connection_->Run("DELETE FROM outbox WHERE topic = $1::bytea AND position <= $2::bigint",
                         PostgresParameters().Bytes(trim.topic).Number(trim.up_to)));
  }
  if (writes.log_trim == 0) return Ok();
  RETURN_IF_ERROR(connection_->Run("DELETE FROM changes WHERE id < $1::bigint",
                                   PostgresParameters().Number(ChangeId(writes.log_trim + 1, 0))));
  RETURN_IF_ERROR(connection_->Run("DELETE FROM commits WHERE revision <= $1::bigint",
                                   PostgresParameters().Number(writes.log_trim)));
  return Ok();
}

Status PostgresSession::WriteState(const StoreState& state) {
  RETURN_IF_ERROR(connection_->Run(
      "UPDATE state SET revision = $1::bigint, floor = $2::bigint, position = $3::bigint, "
      "log_changes = $4::bigint, log_bytes = $5::bigint WHERE id = 0",
      PostgresParameters()
          .Number(state.revision)
          .Number(state.floor)
          .Number(state.position)
          .Number(state.log_changes)
          .Number(state.log_bytes)));
  return Ok();
}

Status PostgresSession::Commit() {
  const std::string revision = std::to_string(state_.revision);
  RETURN_IF_ERROR(connection_->Run("SELECT pg_notify($1::text, $2::text)",
                                   PostgresParameters().Bytes(channel_).Bytes(revision)));
  const auto committed = connection_->Execute("COMMIT");
  if (committed) {
    connection_ = nullptr;
    return Ok();
  }
  // The server said no, and then nothing was committed; or it said nothing.
  if (connection_->IsSound()) return committed.error();
  connection_ = nullptr;
  return FindOutcome();
}

// Whether the commit whose answer got lost has happened. Taking the lock first waits for the old
// transaction to end, one way or the other.
Status PostgresSession::FindOutcome() {
  const auto unknown = [](std::string_view reason) {
    return Unavailable("PostgreSQL was lost during a commit, and the outcome is unknown: {}",
                       reason)
        .WithHint("Read before trying again");
  };
  if (first_commit_ == 0) return unknown("it left no trace in the log");
  const auto connection = reconnect_();
  if (!connection) return unknown(connection.error().message);
  if (const auto begun = (*connection)->Execute("BEGIN"); !begun)
    return unknown(begun.error().message);
  const auto state = PostgresReads(**connection).LockState();
  const auto token = (*connection)
                         ->Run("SELECT token FROM commits WHERE revision = $1::bigint",
                               PostgresParameters().Number(first_commit_));
  (void)(*connection)->Execute("ROLLBACK");
  if (!state) return unknown(state.error().message);
  if (!token) return unknown(token.error().message);
  if (token->size() == 1 && token->Number(0, 0) == token_) return Ok();
  if (state->floor >= first_commit_) return unknown("the log no longer goes so far back");
  return Unavailable("PostgreSQL was lost before the commit; nothing was committed");
}

}  // namespace weir::control
