#include "control/postgres_schema.h"

namespace weir::control {
namespace {

// Keys are compared as bytes: bytea always is, text only in the collation "C".
constexpr const char* kCreate = R"sql(
CREATE TABLE format(version bigint NOT NULL);
INSERT INTO format VALUES (1);
CREATE TABLE entries(
  space text COLLATE "C" NOT NULL, tuple bytea NOT NULL, value bytea NOT NULL,
  revision bigint NOT NULL, PRIMARY KEY (space, tuple));
CREATE TABLE commits(
  revision bigint PRIMARY KEY, time bigint NOT NULL, changes bigint NOT NULL,
  bytes bigint NOT NULL, token bigint NOT NULL);
CREATE TABLE changes(
  id bigint PRIMARY KEY, space text COLLATE "C" NOT NULL, tuple bytea NOT NULL, value bytea);
CREATE TABLE outbox(
  position bigint PRIMARY KEY, topic bytea NOT NULL, revision bigint NOT NULL,
  time bigint NOT NULL, payload bytea NOT NULL);
CREATE INDEX outbox_topic ON outbox(topic, position);
CREATE TABLE state(
  id bigint PRIMARY KEY CHECK (id = 0), revision bigint NOT NULL, floor bigint NOT NULL,
  position bigint NOT NULL, log_changes bigint NOT NULL, log_bytes bigint NOT NULL)
  WITH (fillfactor = 10);
INSERT INTO state VALUES (0, 0, 0, 0, 0, 0);
)sql";

constexpr std::int64_t kSchemaLock = 0x57454952;  // "WEIR"

Status CreateOrCheck(PostgresConnection& connection, const std::string& schema) {
  RETURN_IF_ERROR(connection.Run("SELECT pg_advisory_xact_lock($1::bigint)",
                                 PostgresParameters().Number(kSchemaLock)));
  ASSIGN_OR_RETURN(const auto known,
                   connection.Run("SELECT count(*) FROM pg_namespace WHERE nspname = $1::text",
                                  PostgresParameters().Bytes(schema)));
  if (known.Number(0, 0) == 0) RETURN_IF_ERROR(connection.Execute("CREATE SCHEMA " + schema));
  ASSIGN_OR_RETURN(const auto tables,
                   connection.Run("SELECT count(*) FROM pg_tables WHERE schemaname = $1::text",
                                  PostgresParameters().Bytes(schema)));
  if (tables.Number(0, 0) == 0) return connection.Execute(kCreate);
  ASSIGN_OR_RETURN(const auto format,
                   connection.Run("SELECT count(*) FROM pg_tables WHERE schemaname = $1::text AND "
                                  "tablename IN ('format', 'entries', 'state')",
                                  PostgresParameters().Bytes(schema)));
  if (format.Number(0, 0) != 3) {
    return Invalid("the schema {} in PostgreSQL holds tables of another program", schema);
  }
  ASSIGN_OR_RETURN(const auto version, connection.Run("SELECT version FROM format"));
  if (version.size() != 1) return Corrupt("the schema {} in PostgreSQL has no format", schema);
  if (version.Number(0, 0) > kPostgresSchema) {
    return Unimplemented("the schema {} in PostgreSQL has format {}; this Weir knows up to {}",
                         schema, version.Number(0, 0), kPostgresSchema)
        .WithHint("Use the version of Weir that wrote it, or a newer one");
  }
  // Migrations of older formats go here, one step for each version; there is none yet.
  return Ok();
}

}  // namespace

Status PreparePostgresSchema(PostgresConnection& connection, const std::string& schema) {
  RETURN_IF_ERROR(connection.Execute("BEGIN"));
  if (Status status = CreateOrCheck(connection, schema); !status) {
    (void)connection.Execute("ROLLBACK");
    return status;
  }
  return connection.Execute("COMMIT");
}

}  // namespace weir::control
