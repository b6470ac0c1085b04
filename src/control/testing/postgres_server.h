#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/testing/temp_dir.h"

namespace weir::control {

/// A PostgreSQL server of the test's own, of Debian's packages: a new cluster in a temporary
/// directory, reached by a socket in it. It ends with this object, and with the process. Not
/// thread-safe; made by the main thread, because the server ends with the thread that started it.
class PostgresServer {
 public:
  static Result<std::unique_ptr<PostgresServer>> Start();

  /// The one server of this test program, started by whoever asks first.
  static PostgresServer& Shared();

  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// How to connect, as its superuser.
  std::string conninfo() const;
  const std::filesystem::path& socket_directory() const { return dir_.path(); }

  /// Every process of the server dies at once, in the middle of what it does. Then Restart.
  void Kill();
  Status Restart();

 private:
  PostgresServer() = default;
  Status Initialize();
  Status Launch();
  Status WaitUntilReady() const;

  TempDir dir_;
  pid_t pid_ = -1;
};

}  // namespace weir::control
