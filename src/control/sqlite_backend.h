#pragma once

#include <filesystem>
#include <memory>

#include "control/backend.h"
#include "control/connection_pool.h"
#include "control/process_lock.h"
#include "control/sqlite_checkpointer.h"
#include "control/sqlite_connection.h"

namespace weir::control {

/// The store's tables in one SQLite file, in WAL mode: readers and the writer do not wait for each
/// other, and a commit is one append and one flush of the log beside the file.
///
/// Checkpoints, which move that log into the file, run beside commits (sqlite_checkpointer.h); Tidy
/// begins them, and moves the little that is left.
class SqliteBackend final : public Backend {
 public:
  struct Options {
    SqliteConnection::Options connection = {};
    std::size_t max_readers = 32;
    std::int64_t checkpoint_pages = 500;  ///< of the write-ahead log
    bool checkpoints_aside = true;        ///< else in Tidy, so that every run is the same
    std::int64_t cache_kib = 16 * 1024;   ///< of the writer; a reader has an eighth of it
  };

  /// Makes the file if it is not there. `lock`, if any, is held for as long as the backend lives.
  static Result<std::shared_ptr<SqliteBackend>> Open(const std::filesystem::path& path,
                                                     const Options& options,
                                                     std::unique_ptr<ProcessLock> lock);

  Result<std::unique_ptr<View>> OpenView(const Context& context) override;
  Result<std::unique_ptr<WriteSession>> BeginWrite() override;
  void Tidy(bool is_busy) override;

 private:
  SqliteBackend(std::filesystem::path path, std::unique_ptr<ProcessLock> lock,
                std::unique_ptr<SqliteConnection> writer,
                std::shared_ptr<ConnectionPool<SqliteConnection>> readers, const Options& options);

  bool IsLeftToCheckpointer();

  const std::filesystem::path path_;
  const std::unique_ptr<ProcessLock> lock_;  // first: given back last
  const std::unique_ptr<SqliteConnection> writer_;
  const std::shared_ptr<ConnectionPool<SqliteConnection>> readers_;
  const Options options_;
  int log_pages_ = 0;       // of the writer thread; SQLite counts them
  bool has_begun_ = false;  // the checkpointer, since the log was last moved here
  std::unique_ptr<SqliteCheckpointer> checkpointer_;
};

}  // namespace weir::control
