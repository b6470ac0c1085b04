#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "control/postgres_parameters.h"

struct pg_conn;
struct pg_result;

namespace weir::control {

/// The rows of a finished statement, in PostgreSQL's binary format.
class PostgresRows {
 public:
  explicit PostgresRows(pg_result* result);
  PostgresRows(PostgresRows&& other) noexcept;
  PostgresRows& operator=(PostgresRows&& other) noexcept;
  ~PostgresRows();

  int size() const { return size_; }
  std::int64_t Number(int row, int column) const;  ///< of a bigint
  std::string Bytes(int row, int column) const;    ///< of a bytea or text
  bool IsNull(int row, int column) const;

 private:
  pg_result* result_;
  int size_;
};

/// One connection to a PostgreSQL server, which never waits longer than its timeout. Used by one
/// thread at a time.
class PostgresConnection {
 public:
  struct Options {
    std::string conninfo = {};    ///< a URL or key=value pairs, as libpq takes them
    std::string schema = "weir";  ///< where the tables are: a-z, 0-9 and _, at most 40 of them
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds statement_timeout{10'000};
  };

  /// kInvalid (no connection string, or no name of a schema), kDenied (the server does not let us
  /// in), kUnavailable. No message holds the connection string, which may hold a password.
  static Result<std::unique_ptr<PostgresConnection>> Open(const Options& options);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  /// Runs one statement. `sql` is a constant of the program: its address names the prepared one.
  Result<PostgresRows> Run(const char* sql, const PostgresParameters& parameters = {});
  /// Runs statements without parameters; their rows are dropped.
  Status Execute(const std::string& sql);

  /// Waits until the server says something of itself, at most until `wake` (a file descriptor) can
  /// be read or `timeout` has passed; returns the payloads of the notifications.
  Result<std::vector<std::string>> WaitForNotifications(int wake,
                                                        std::chrono::milliseconds timeout);

  /// Whether the connection still stands after the last call. Once it does not, the server's state
  /// of what was under way is unknown.
  bool IsSound() const;
  bool IsInTransaction() const;

 private:
  explicit PostgresConnection(pg_conn* connection, std::chrono::milliseconds timeout)
      : connection_(connection), timeout_(timeout) {}

  Status Connect(SteadyTime deadline);
  Status Set(const Options& options);
  Result<std::string> NameOf(const char* sql);
  Result<PostgresRows> Finish();
  Status WaitFor(bool writing, SteadyTime deadline);
  Status Fail(std::string_view attempt);

  pg_conn* connection_;
  const std::chrono::milliseconds timeout_;
  bool is_lost_ = false;
  std::unordered_map<const char*, std::string> prepared_;
};

}  // namespace weir::control
