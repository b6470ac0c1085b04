#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "control/backend.h"
#include "control/postgres_connection.h"

namespace weir::control {

/// Listens for the commits of every process, on a connection and a thread of its own. When the
/// server goes away it comes back, and asks anew; twice a second it asks anyway, because a
/// notification may get lost with a connection.
class PostgresFollower final : public Backend::Follower {
 public:
  PostgresFollower(PostgresConnection::Options options, std::string channel,
                   std::function<void(Revision)> committed);
  ~PostgresFollower() override;

 private:
  void Run(const std::stop_token& stop);
  Status FollowOn(PostgresConnection& connection, const std::stop_token& stop);
  void Sleep(std::chrono::milliseconds time) const;

  const PostgresConnection::Options options_;
  const std::string channel_;
  const std::function<void(Revision)> committed_;
  const int wake_;  // an eventfd: the thread should look whether to stop
  std::jthread thread_;
};

}  // namespace weir::control
