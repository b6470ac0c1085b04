#include "control/sqlite_checkpointer.h"

#include <sqlite3.h>

namespace weir::control {

void MoveLog(SqliteConnection& connection) {
  (void)sqlite3_wal_checkpoint_v2(connection.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                                  nullptr);
}

Result<std::unique_ptr<SqliteCheckpointer>> SqliteCheckpointer::Start(
    const std::filesystem::path& path, const SqliteConnection::Options& options) {
  ASSIGN_OR_RETURN(auto connection,
                   SqliteConnection::Open(path, SqliteConnection::Mode::kReader, options));
  return std::unique_ptr<SqliteCheckpointer>(new SqliteCheckpointer(std::move(connection)));
}

SqliteCheckpointer::SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection)
    : connection_(std::move(connection)), thread_([this] { Work(); }) {}

SqliteCheckpointer::~SqliteCheckpointer() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SqliteCheckpointer::Begin() {
  {
    const std::lock_guard lock(mutex_);
    is_idle_ = false;
  }
  changed_.notify_all();
}

void SqliteCheckpointer::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ended_ || !is_idle_; });
    if (ended_) return;
    lock.unlock();
    MoveLog(*connection_);
    lock.lock();
    is_idle_ = true;
  }
}

}  // namespace weir::control
