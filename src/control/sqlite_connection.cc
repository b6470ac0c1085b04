#include "control/sqlite_connection.h"

#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "base/errno_error.h"

namespace weir::control {
namespace {

Error IoError(sqlite3* database, std::string_view attempt) {
  const int system = sqlite3_system_errno(database);
  if (system != 0) return ErrnoError(system, attempt);
  return Unavailable("{}: {}", attempt, sqlite3_errmsg(database));
}

}  // namespace

Error SqliteError(sqlite3* database, std::string_view attempt) {
  // SQLite's texts name tables and files, never values.
  const char* text = sqlite3_errmsg(database);
  switch (sqlite3_errcode(database) & 0xFF) {
    case SQLITE_FULL:
      return Exhausted("{}: the disk is full", attempt).WithHint("Make room, then try again");
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return Exhausted("{}: {}", attempt, text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Corrupt("{}: {}", attempt, text).WithHint("Restore the newest backup");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Denied("{}: {}", attempt, text);
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return IoError(database, attempt);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Unavailable("{}: {}", attempt, text);
    case SQLITE_INTERRUPT:
      return Cancelled("{}: {}", attempt, text);
    default:
      return Internal("{}: {}", attempt, text);
  }
}

SqliteQuery::SqliteQuery(SqliteQuery&& other) noexcept
    : database_(other.database_),
      statement_(std::exchange(other.statement_, nullptr)),
      attempt_(other.attempt_) {}

SqliteQuery::~SqliteQuery() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void SqliteQuery::Bind(int index, std::int64_t number) {
  WEIR_CHECK(sqlite3_bind_int64(statement_, index, number) == SQLITE_OK);
}

void SqliteQuery::BindText(int index, std::string_view text) {
  WEIR_CHECK(sqlite3_bind_text64(statement_, index, text.data(), text.size(), SQLITE_STATIC,
                                 SQLITE_UTF8) == SQLITE_OK);
}

void SqliteQuery::BindBlob(int index, std::string_view bytes) {
  // A null pointer would be NULL, which is not the empty value.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  WEIR_CHECK(sqlite3_bind_blob64(statement_, index, data, bytes.size(), SQLITE_STATIC) ==
             SQLITE_OK);
}

void SqliteQuery::BindNull(int index) {
  WEIR_CHECK(sqlite3_bind_null(statement_, index) == SQLITE_OK);
}

Result<bool> SqliteQuery::Step() {
  const int outcome = sqlite3_step(statement_);
  if (outcome == SQLITE_ROW) return true;
  if (outcome == SQLITE_DONE) return false;
  return SqliteError(database_, attempt_);
}

Status SqliteQuery::Run() {
  ASSIGN_OR_RETURN(bool row, Step());
  while (row) {
    ASSIGN_OR_RETURN(row, Step());
  }
  sqlite3_reset(statement_);
  return Ok();
}

std::int64_t SqliteQuery::Number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string SqliteQuery::Bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string() : std::string(data, static_cast<std::size_t>(size));
}

bool SqliteQuery::IsNull(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::filesystem::path& path,
                                                                 Mode mode,
                                                                 const Options& options) {
  // Readers are opened for writing too: in WAL mode they share its index.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::kWriter ? SQLITE_OPEN_CREATE : 0);
  sqlite3* database = nullptr;
  const int outcome = sqlite3_open_v2(path.c_str(), &database, flags,
                                      options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (database == nullptr) return Exhausted("no memory to open {}", path.native());
  auto connection = std::unique_ptr<SqliteConnection>(
      new SqliteConnection(database, "use the control store " + path.native()));
  if (outcome != SQLITE_OK) return SqliteError(database, "open " + path.native());
  if (sqlite3_db_readonly(database, "main") != 0) {
    return Denied("{} cannot be written", path.native());
  }
  sqlite3_busy_timeout(database, static_cast<int>(options.busy_timeout.count()));
  return connection;
}

SqliteConnection::~SqliteConnection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

Status SqliteConnection::Execute(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return Ok();
  return SqliteError(database_, attempt_);
}

Result<SqliteQuery> SqliteConnection::Prepare(const char* sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return SqliteQuery(database_, found->second, attempt_);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) !=
      SQLITE_OK) {
    return SqliteError(database_, attempt_);
  }
  statements_.emplace(sql, statement);
  return SqliteQuery(database_, statement, attempt_);
}

Result<std::int64_t> SqliteConnection::ReadNumber(const char* sql) {
  ASSIGN_OR_RETURN(SqliteQuery query, Prepare(sql));
  ASSIGN_OR_RETURN(const bool row, query.Step());
  if (!row) return Corrupt("the control store has no answer to {}", sql);
  return query.Number(0);
}

bool SqliteConnection::IsInTransaction() const { return sqlite3_get_autocommit(database_) == 0; }

}  // namespace weir::control
