#include "control/sqlite_reads.h"

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

constexpr const char* kScanUp =
    "SELECT tuple, value, revision FROM entries "
    "WHERE space = ?1 AND tuple >= ?2 AND tuple < ?3 ORDER BY tuple LIMIT ?4";
constexpr const char* kScanUpAfter =
    "SELECT tuple, value, revision FROM entries "
    "WHERE space = ?1 AND tuple > ?2 AND tuple < ?3 ORDER BY tuple LIMIT ?4";
constexpr const char* kScanDown =
    "SELECT tuple, value, revision FROM entries "
    "WHERE space = ?1 AND tuple >= ?2 AND tuple < ?3 ORDER BY tuple DESC LIMIT ?4";

}  // namespace

Status SqliteReads::BeginSnapshot() { return connection_.Execute("BEGIN"); }

Status SqliteReads::EndSnapshot() {
  return connection_.IsInTransaction() ? connection_.Execute("ROLLBACK") : Ok();
}

Result<StoreState> SqliteReads::ReadState() {
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("SELECT revision, floor, position, log_changes, log_bytes "
                                       "FROM state WHERE id = 0"));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return Corrupt("the control store has lost its state");
  return StoreState{query.Number(0), query.Number(1), query.Number(2), query.Number(3),
                    query.Number(4)};
}

Result<std::optional<Entry>> SqliteReads::Get(const Key& key) {
  ASSIGN_OR_RETURN(
      SqliteQuery query,
      connection_.Prepare("SELECT value, revision FROM entries WHERE space = ?1 AND tuple = ?2"));
  query.BindText(1, key.space());
  query.BindBlob(2, key.tuple());
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return std::optional<Entry>();
  return std::optional(Entry{key, query.Bytes(0), query.Number(1)});
}

Result<std::vector<Entry>> SqliteReads::Scan(const Key& prefix, const ScanOptions& options) {
  const auto range = ScanRange::Of(prefix, options);
  if (!range) return std::vector<Entry>{};
  const char* up = range->skips_from ? kScanUpAfter : kScanUp;
  ASSIGN_OR_RETURN(SqliteQuery query, connection_.Prepare(options.reverse ? kScanDown : up));
  query.BindText(1, prefix.space());
  query.BindBlob(2, range->from);
  query.BindBlob(3, range->to);
  query.Bind(4, Limit(options.limit));
  std::vector<Entry> entries;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return entries;
    ASSIGN_OR_RETURN(Key key, Key::Decode(prefix.space(), query.Bytes(0)));
    entries.push_back({std::move(key), query.Bytes(1), query.Number(2)});
  }
}

Result<std::vector<Entry>> SqliteReads::ReadEntries(const std::optional<Key>& after,
                                                    std::size_t limit) {
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("SELECT space, tuple, value, revision FROM entries "
                                       "WHERE (space, tuple) > (?1, ?2) "
                                       "ORDER BY space, tuple LIMIT ?3"));
  query.BindText(1, after ? after->space() : std::string_view(""));
  query.BindBlob(2, after ? after->tuple() : std::string_view(""));
  query.Bind(3, Limit(limit));
  std::vector<Entry> entries;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return entries;
    ASSIGN_OR_RETURN(Key key, Key::Decode(query.Bytes(0), query.Bytes(1)));
    entries.push_back({std::move(key), query.Bytes(2), query.Number(3)});
  }
}

Result<std::vector<CommitInfo>> SqliteReads::ListCommits(Revision after, std::size_t limit) {
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("SELECT revision, time, changes, bytes FROM commits "
                                       "WHERE revision > ?1 ORDER BY revision LIMIT ?2"));
  query.Bind(1, after);
  query.Bind(2, Limit(limit));
  std::vector<CommitInfo> commits;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return commits;
    commits.push_back({query.Number(0), TimeOf(query.Number(1)), query.Number(2), query.Number(3)});
  }
}

Result<std::vector<CommitPtr>> SqliteReads::ReadCommits(Revision after, Revision up_to) {
  ASSIGN_OR_RETURN(const auto commits, ReadCommitRows(after, up_to));
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("SELECT id, space, tuple, value FROM changes "
                                       "WHERE id >= ?1 AND id < ?2 ORDER BY id"));
  query.Bind(1, ChangeId(after + 1, 0));
  query.Bind(2, ChangeId(up_to + 1, 0));
  auto commit = commits.begin();
  while (true) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) break;
    const Revision revision = RevisionOfChange(query.Number(0));
    while (commit != commits.end() && (*commit)->revision < revision) ++commit;
    if (commit == commits.end() || (*commit)->revision != revision) {
      return Corrupt("the log has changes of no commit at revision {}", revision);
    }
    ASSIGN_OR_RETURN(Key key, Key::Decode(query.Bytes(1), query.Bytes(2)));
    auto value = query.IsNull(3) ? nullptr : std::make_shared<const std::string>(query.Bytes(3));
    (*commit)->changes.push_back({std::move(key), std::move(value)});
  }
  return std::vector<CommitPtr>(commits.begin(), commits.end());
}

Result<std::vector<std::shared_ptr<Commit>>> SqliteReads::ReadCommitRows(Revision after,
                                                                         Revision up_to) {
  ASSIGN_OR_RETURN(SqliteQuery query,
                   connection_.Prepare("SELECT revision, time FROM commits "
                                       "WHERE revision > ?1 AND revision <= ?2 ORDER BY revision"));
  query.Bind(1, after);
  query.Bind(2, up_to);
  std::vector<std::shared_ptr<Commit>> commits;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return commits;
    commits.push_back(std::make_shared<Commit>(
        Commit{.revision = query.Number(0), .time = TimeOf(query.Number(1)), .changes = {}}));
  }
}

Result<std::vector<StoredEvent>> SqliteReads::ReadEvents(const std::optional<std::string>& topic,
                                                         std::int64_t after, std::size_t limit) {
  ASSIGN_OR_RETURN(
      SqliteQuery query,
      connection_.Prepare(topic ? "SELECT position, revision, time, topic, payload FROM outbox "
                                  "WHERE position > ?1 AND topic = ?3 ORDER BY position LIMIT ?2"
                                : "SELECT position, revision, time, topic, payload FROM outbox "
                                  "WHERE position > ?1 ORDER BY position LIMIT ?2"));
  query.Bind(1, after);
  query.Bind(2, Limit(limit));
  if (topic) query.BindText(3, *topic);
  std::vector<StoredEvent> events;
  while (true) {
    ASSIGN_OR_RETURN(const bool row, query.Step());
    if (!row) return events;
    events.push_back({query.Number(0), query.Number(1), TimeOf(query.Number(2)), query.Bytes(3),
                      query.Bytes(4)});
  }
}

}  // namespace weir::control
