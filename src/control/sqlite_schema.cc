#include "control/sqlite_schema.h"

namespace weir::control {
namespace {

constexpr const char* kCreate = R"sql(
CREATE TABLE entries(
  space TEXT NOT NULL, tuple BLOB NOT NULL, value BLOB NOT NULL, revision INTEGER NOT NULL,
  PRIMARY KEY (space, tuple)) WITHOUT ROWID;
CREATE TABLE commits(
  revision INTEGER PRIMARY KEY, time INTEGER NOT NULL, changes INTEGER NOT NULL,
  bytes INTEGER NOT NULL);
CREATE TABLE changes(
  id INTEGER PRIMARY KEY, space TEXT NOT NULL, tuple BLOB NOT NULL, value BLOB);
CREATE TABLE outbox(
  position INTEGER PRIMARY KEY, topic TEXT NOT NULL, revision INTEGER NOT NULL,
  time INTEGER NOT NULL, payload BLOB NOT NULL);
CREATE INDEX outbox_topic ON outbox(topic, position);
CREATE TABLE state(
  id INTEGER PRIMARY KEY CHECK (id = 0), revision INTEGER NOT NULL, floor INTEGER NOT NULL,
  position INTEGER NOT NULL, log_changes INTEGER NOT NULL, log_bytes INTEGER NOT NULL);
INSERT INTO state VALUES (0, 0, 0, 0, 0, 0);
PRAGMA application_id = 0x57454952;
PRAGMA user_version = 1;
)sql";

Status CreateOrCheck(SqliteConnection& connection, const std::string& path) {
  ASSIGN_OR_RETURN(const std::int64_t application, connection.ReadNumber("PRAGMA application_id"));
  ASSIGN_OR_RETURN(const std::int64_t version, connection.ReadNumber("PRAGMA user_version"));
  if (application == 0 && version == 0) {
    ASSIGN_OR_RETURN(const std::int64_t tables,
                     connection.ReadNumber("SELECT count(*) FROM sqlite_schema"));
    if (tables == 0) return connection.Execute(kCreate);
  }
  if (application != kSqliteApplication) {
    return Invalid("{} is another program's database", path);
  }
  if (version > kSqliteSchema) {
    return Unimplemented("{} has schema {}; this version of Weir knows up to {}", path, version,
                         kSqliteSchema)
        .WithHint("Use the version of Weir that wrote it, or a newer one");
  }
  if (version < 1) return Corrupt("{} has schema {}", path, version);
  // Migrations of older schemas go here, one step for each version; there is none yet.
  return Ok();
}

}  // namespace

Status PrepareSqliteSchema(SqliteConnection& connection, const std::string& path) {
  RETURN_IF_ERROR(connection.Execute("BEGIN IMMEDIATE"));
  if (Status status = CreateOrCheck(connection, path); !status) {
    (void)connection.Execute("ROLLBACK");
    return status;
  }
  return connection.Execute("COMMIT");
}

}  // namespace weir::control
