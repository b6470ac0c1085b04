#pragma once

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "base/guarded_by.h"
#include "control/sqlite_connection.h"

namespace weir::control {

/// Moves the write-ahead log of an SQLite file into the file, on a thread and a connection of its
/// own, while commits go on. What is committed meanwhile stays in the log. Thread-safe.
class SqliteCheckpointer {
 public:
  static Result<std::unique_ptr<SqliteCheckpointer>> Start(
      const std::filesystem::path& path, const SqliteConnection::Options& options);
  ~SqliteCheckpointer();

  /// Asks for a run, and does not wait for it.
  void Begin();
  /// Whether no run is asked for or at work.
  bool is_idle() const { return is_idle_; }

 private:
  explicit SqliteCheckpointer(std::unique_ptr<SqliteConnection> connection);
  void Work();

  const std::unique_ptr<SqliteConnection> connection_;
  std::atomic<bool> is_idle_ = true;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ WEIR_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all the others
};

/// Moves what no reader needs any more. What cannot be moved now, or not be written because the
/// disk is full, stays safely in the log.
void MoveLog(SqliteConnection& connection);

}  // namespace weir::control
