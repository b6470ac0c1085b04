#include "control/sqlite_backend.h"

#include <sqlite3.h>

#include <utility>

#include "control/sqlite_checkpointer.h"
#include "control/sqlite_schema.h"
#include "control/sqlite_session.h"

namespace weir::control {
namespace {

// Of checkpoint_pages.
constexpr std::int64_t kBusyLogs = 4;
constexpr std::int64_t kMostLogs = 16;

int CountPages(void* pages, sqlite3* /*database*/, const char* /*name*/, int in_log) {
  *static_cast<int*>(pages) = in_log;
  return SQLITE_OK;
}

Status SetCache(SqliteConnection& connection, std::int64_t kib) {
  return connection.Execute(fmt::format("PRAGMA cache_size = -{}", kib).c_str());
}

Status PrepareWriter(SqliteConnection& connection, const std::string& path) {
  // The flush at each commit is the promise of Transact; the limit gives disk back after a burst.
  RETURN_IF_ERROR(connection.Execute("PRAGMA synchronous = FULL"));
  RETURN_IF_ERROR(connection.Execute("PRAGMA journal_size_limit = 67108864"));
  ASSIGN_OR_RETURN(SqliteQuery mode, connection.Prepare("PRAGMA journal_mode = WAL"));
  ASSIGN_OR_RETURN(const bool row, mode.Step());
  if (!row || mode.Bytes(0) != "wal") {
    return Unavailable("{} lies on a file system that SQLite cannot share memory on", path);
  }
  return Ok();
}

Result<std::unique_ptr<SqliteConnection>> OpenReader(const std::filesystem::path& path,
                                                     const SqliteConnection::Options& options,
                                                     std::int64_t cache_kib) {
  ASSIGN_OR_RETURN(auto reader,
                   SqliteConnection::Open(path, SqliteConnection::Mode::kReader, options));
  RETURN_IF_ERROR(SetCache(*reader, cache_kib));
  return reader;
}

}  // namespace

Result<std::shared_ptr<SqliteBackend>> SqliteBackend::Open(const std::filesystem::path& path,
                                                           const Options& options,
                                                           std::unique_ptr<ProcessLock> lock) {
  ASSIGN_OR_RETURN(auto writer, SqliteConnection::Open(path, SqliteConnection::Mode::kWriter,
                                                       options.connection));
  RETURN_IF_ERROR(PrepareWriter(*writer, path.native()));
  RETURN_IF_ERROR(PrepareSqliteSchema(*writer, path.native()));
  RETURN_IF_ERROR(SetCache(*writer, options.cache_kib));
  auto open = [path, connection = options.connection, kib = options.cache_kib / 8] {
    return OpenReader(path, connection, kib);
  };
  auto readers = std::make_shared<SqliteView::Pool>(options.max_readers, std::move(open));
  return std::shared_ptr<SqliteBackend>(
      new SqliteBackend(path, std::move(lock), std::move(writer), std::move(readers), options));
}

SqliteBackend::SqliteBackend(std::filesystem::path path, std::unique_ptr<ProcessLock> lock,
                             std::unique_ptr<SqliteConnection> writer,
                             std::shared_ptr<SqliteView::Pool> readers, const Options& options)
    : path_(std::move(path)),
      lock_(std::move(lock)),
      writer_(std::move(writer)),
      readers_(std::move(readers)),
      options_(options) {
  // Takes the place of SQLite's own hook, which would checkpoint inside a commit.
  sqlite3_wal_hook(writer_->handle(), CountPages, &log_pages_);
}

Result<std::unique_ptr<View>> SqliteBackend::OpenView(const Context& context) {
  return SqliteView::Open(readers_, context);
}

Result<std::unique_ptr<WriteSession>> SqliteBackend::BeginWrite() {
  return SqliteSession::Begin(*writer_);
}

void SqliteBackend::Tidy(bool is_busy) {
  // Little and often disturbs a lone client least, much and seldom costs many the least.
  if (log_pages_ < (is_busy ? kBusyLogs : 1) * options_.checkpoint_pages) return;
  if (options_.checkpoints_aside && IsLeftToCheckpointer()) return;
  // All of it, or the little that came since the checkpointer began; then the log starts anew.
  MoveLog(*writer_);
  log_pages_ = 0;
}

bool SqliteBackend::IsLeftToCheckpointer() {
  // A log that grows faster than it is moved must end all the same.
  if (log_pages_ > kMostLogs * options_.checkpoint_pages) return false;
  if (checkpointer_ == nullptr) {
    auto started = SqliteCheckpointer::Start(path_, options_.connection);
    if (!started) return false;
    checkpointer_ = *std::move(started);
  }
  if (!has_begun_) checkpointer_->Begin();
  const bool is_left = !has_begun_ || !checkpointer_->is_idle();
  has_begun_ = is_left;
  return is_left;
}

}  // namespace weir::control
