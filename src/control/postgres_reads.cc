#include "control/postgres_reads.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "control/change_id.h"
#include "control/scan_range.h"

namespace weir::control {
namespace {

std::int64_t Limit(std::size_t limit) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  return static_cast<std::int64_t>(std::min(limit, kMost));
}

Timestamp TimeOf(std::int64_t nanoseconds) {
  return Timestamp(std::chrono::nanoseconds(nanoseconds));
}

Result<StoreState> StateOf(const PostgresRows& rows) {
  if (rows.size() != 1) return Corrupt("the control store in PostgreSQL has lost its state");
  return StoreState{rows.Number(0, 0), rows.Number(0, 1), rows.Number(0, 2), rows.Number(0, 3),
                    rows.Number(0, 4)};
}

constexpr const char* kScanUp =
    "SELECT tuple, value, revision FROM entries WHERE space = $1::text AND "
    "tuple >= $2::bytea AND tuple < $3::bytea ORDER BY tuple LIMIT $4::bigint";
constexpr const char* kScanUpAfter =
    "SELECT tuple, value, revision FROM entries WHERE space = $1::text AND "
    "tuple > $2::bytea AND tuple < $3::bytea ORDER BY tuple LIMIT $4::bigint";
constexpr const char* kScanDown =
    "SELECT tuple, value, revision FROM entries WHERE space = $1::text AND "
    "tuple >= $2::bytea AND tuple < $3::bytea ORDER BY tuple DESC LIMIT $4::bigint";
constexpr const char* kEventsOfTopic =
    "SELECT position, revision, time, topic, payload FROM outbox "
    "WHERE position > $1::bigint AND topic = $3::bytea ORDER BY position LIMIT $2::bigint";
constexpr const char* kEvents =
    "SELECT position, revision, time, topic, payload FROM outbox "
    "WHERE position > $1::bigint ORDER BY position LIMIT $2::bigint";

}  // namespace

Status PostgresReads::BeginSnapshot() {
  return connection_.Execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

Status PostgresReads::EndSnapshot() { return connection_.Execute("ROLLBACK"); }

Result<StoreState> PostgresReads::ReadState() {
  ASSIGN_OR_RETURN(const auto rows,
                   connection_.Run("SELECT revision, floor, position, log_changes, "
                                   "log_bytes FROM state WHERE id = 0"));
  return StateOf(rows);
}

Result<StoreState> PostgresReads::LockState() {
  ASSIGN_OR_RETURN(const auto rows,
                   connection_.Run("SELECT revision, floor, position, log_changes, "
                                   "log_bytes FROM state WHERE id = 0 FOR UPDATE"));
  return StateOf(rows);
}

Result<std::optional<Entry>> PostgresReads::Get(const Key& key) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection_.Run("SELECT value, revision FROM entries "
                                   "WHERE space = $1::text AND tuple = $2::bytea",
                                   PostgresParameters().Bytes(key.space()).Bytes(key.tuple())));
  if (rows.size() == 0) return std::optional<Entry>();
  return std::optional(Entry{key, rows.Bytes(0, 0), rows.Number(0, 1)});
}

Result<std::vector<Entry>> PostgresReads::Scan(const Key& prefix, const ScanOptions& options) {
  std::vector<Entry> entries;
  const auto range = ScanRange::Of(prefix, options);
  if (!range) return entries;
  const char* up = range->skips_from ? kScanUpAfter : kScanUp;
  ASSIGN_OR_RETURN(const auto rows, connection_.Run(options.reverse ? kScanDown : up,
                                                    PostgresParameters()
                                                        .Bytes(prefix.space())
                                                        .Bytes(range->from)
                                                        .Bytes(range->to)
                                                        .Number(Limit(options.limit))));
  for (int row = 0; row < rows.size(); ++row) {
    ASSIGN_OR_RETURN(Key key, Key::Decode(prefix.space(), rows.Bytes(row, 0)));
    entries.push_back({std::move(key), rows.Bytes(row, 1), rows.Number(row, 2)});
  }
  return entries;
}

Result<std::vector<Entry>> PostgresReads::ReadEntries(const std::optional<Key>& after,
                                                      std::size_t limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection_.Run("SELECT space, tuple, value, revision FROM entries "
                                   "WHERE (space, tuple) > ($1::text, $2::bytea) "
                                   "ORDER BY space, tuple LIMIT $3::bigint",
                                   PostgresParameters()
                                       .Bytes(after ? after->space() : std::string_view())
                                       .Bytes(after ? after->tuple() : std::string_view())
                                       .Number(Limit(limit))));
  std::vector<Entry> entries;
  for (int row = 0; row < rows.size(); ++row) {
    ASSIGN_OR_RETURN(Key key, Key::Decode(rows.Bytes(row, 0), rows.Bytes(row, 1)));
    entries.push_back({std::move(key), rows.Bytes(row, 2), rows.Number(row, 3)});
  }
  return entries;
}

Result<std::vector<CommitInfo>> PostgresReads::ListCommits(Revision after, std::size_t limit) {
  ASSIGN_OR_RETURN(const auto rows,
                   connection_.Run("SELECT revision, time, changes, bytes FROM commits "
                                   "WHERE revision > $1::bigint ORDER BY revision LIMIT $2::bigint",
                                   PostgresParameters().Number(after).Number(Limit(limit))));
  std::vector<CommitInfo> commits;
  for (int row = 0; row < rows.size(); ++row) {
    commits.push_back({rows.Number(row, 0), TimeOf(rows.Number(row, 1)), rows.Number(row, 2),
                       rows.Number(row, 3)});
  }
  return commits;
}

Result<std::vector<CommitPtr>> PostgresReads::ReadCommits(Revision after, Revision up_to) {
  ASSIGN_OR_RETURN(const auto commits,
                   connection_.Run("SELECT revision, time FROM commits WHERE revision > $1::bigint "
                                   "AND revision <= $2::bigint ORDER BY revision",
                                   PostgresParameters().Number(after).Number(up_to)));
  ASSIGN_OR_RETURN(
      const auto changes,
      connection_.Run(
          "SELECT id, space, tuple, value FROM changes "
          "WHERE id >= $1::bigint AND id < $2::bigint "
          "ORDER BY id",
          PostgresParameters().Number(ChangeId(after + 1, 0)).Number(ChangeId(up_to + 1, 0))));
  std::vector<CommitPtr> read;
  int change = 0;
  for (int row = 0; row < commits.size(); ++row) {
    auto commit = std::make_shared<Commit>(Commit{
        .revision = commits.Number(row, 0), .time = TimeOf(commits.Number(row, 1)), .changes = {}});
    while (change < changes.size() &&
           RevisionOfChange(changes.Number(change, 0)) == commit->revision) {
      ASSIGN_OR_RETURN(Key key, Key::Decode(changes.Bytes(change, 1), changes.Bytes(change, 2)));
      auto value = changes.IsNull(change, 3)
                       ? nullptr
                       : std::make_shared<const std::string>(changes.Bytes(change, 3));
      commit->changes.push_back({std::move(key), std::move(value)});
      ++change;
    }
    read.push_back(std::move(commit));
  }
  if (change != changes.size()) {
    return Corrupt("the log has changes of no commit after revision {}", after);
  }
  return read;
}

Result<std::vector<StoredEvent>> PostgresReads::ReadEvents(const std::optional<std::string>& topic,
                                                           std::int64_t after, std::size_t limit) {
  PostgresParameters parameters;
  parameters.Number(after).Number(Limit(limit));
  if (topic) parameters.Bytes(*topic);
  ASSIGN_OR_RETURN(const auto rows, connection_.Run(topic ? kEventsOfTopic : kEvents, parameters));
  std::vector<StoredEvent> events;
  for (int row = 0; row < rows.size(); ++row) {
    events.push_back({rows.Number(row, 0), rows.Number(row, 1), TimeOf(rows.Number(row, 2)),
                      rows.Bytes(row, 3), rows.Bytes(row, 4)});
  }
  return events;
}

}  // namespace weir::control
