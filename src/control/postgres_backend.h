#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/rng.h"
#include "control/backend.h"
#include "control/pooled_view.h"
#include "control/postgres_connection.h"

namespace weir::control {

/// The store's tables in a schema of a PostgreSQL server, shared by as many processes as want to.
/// Needs a connection of its own that lasts (LISTEN, prepared statements): no transaction pooler in
/// between.
class PostgresBackend final : public Backend {
 public:
  struct Options {
    PostgresConnection::Options connection = {};
    std::size_t max_readers = 8;
    /// How long to try to find out what became of a commit whose answer was lost.
    std::chrono::milliseconds outcome_timeout{15'000};
  };

  /// Makes schema and tables where there are none. `rng` outlives it.
  static Result<std::shared_ptr<PostgresBackend>> Open(const Options& options,
                                                       Rng& rng = SystemRng());

  Result<std::unique_ptr<View>> OpenView(const Context& context) override;
  Result<std::unique_ptr<WriteSession>> BeginWrite() override;
  std::unique_ptr<Follower> Follow(std::function<void(Revision)> committed) override;

 private:
  using Readers = ConnectionPool<PostgresConnection>;

  PostgresBackend(const Options& options, std::unique_ptr<PostgresConnection> writer,
                  std::shared_ptr<Readers> readers, Rng& rng);

  Result<PostgresConnection*> Reconnect();
  Result<PostgresConnection*> ReconnectPatiently();

  const Options options_;
  const std::string channel_;
  std::unique_ptr<PostgresConnection> writer_;  // null: lost
  const std::shared_ptr<Readers> readers_;
  Rng& rng_;
};

}  // namespace weir::control
