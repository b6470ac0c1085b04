#include "control/postgres_backend.h"

#include <thread>
#include <utility>

#include "control/postgres_follower.h"
#include "control/postgres_schema.h"
#include "control/postgres_session.h"

namespace weir::control {
namespace {

constexpr std::chrono::milliseconds kTryAgainAfter{100};

}  // namespace

Result<std::shared_ptr<PostgresBackend>> PostgresBackend::Open(const Options& options, Rng& rng) {
  ASSIGN_OR_RETURN(auto writer, PostgresConnection::Open(options.connection));
  RETURN_IF_ERROR(PreparePostgresSchema(*writer, options.connection.schema));
  auto open = [connection = options.connection] { return PostgresConnection::Open(connection); };
  auto readers = std::make_shared<Readers>(options.max_readers, std::move(open));
  return std::shared_ptr<PostgresBackend>(
      new PostgresBackend(options, std::move(writer), std::move(readers), rng));
}

PostgresBackend::PostgresBackend(const Options& options, std::unique_ptr<PostgresConnection> writer,
                                 std::shared_ptr<Readers> readers, Rng& rng)
    : options_(options),
      channel_(options.connection.schema + "_control"),
      writer_(std::move(writer)),
      readers_(std::move(readers)),
      rng_(rng) {}

Result<std::unique_ptr<View>> PostgresBackend::OpenView(const Context& context) {
  return PostgresView::Open(readers_, context);
}

Result<std::unique_ptr<WriteSession>> PostgresBackend::BeginWrite() {
  const auto token = static_cast<std::int64_t>(rng_.Next());
  // The server may have gone and come back since the last transaction.
  for (bool may_retry = true;; may_retry = false) {
    if (!writer_ || !writer_->IsSound()) RETURN_IF_ERROR(Reconnect());
    auto session =
        PostgresSession::Begin(*writer_, token, channel_, [this] { return ReconnectPatiently(); });
    if (session || !may_retry || writer_->IsSound()) return session;
  }
}

Result<PostgresConnection*> PostgresBackend::Reconnect() {
  writer_.reset();
  ASSIGN_OR_RETURN(writer_, PostgresConnection::Open(options_.connection));
  return writer_.get();
}

Result<PostgresConnection*> PostgresBackend::ReconnectPatiently() {
  const auto deadline = std::chrono::steady_clock::now() + options_.outcome_timeout;
  while (true) {
    auto connection = Reconnect();
    if (connection || std::chrono::steady_clock::now() >= deadline) return connection;
    std::this_thread::sleep_for(kTryAgainAfter);
  }
}

std::unique_ptr<Backend::Follower> PostgresBackend::Follow(
    std::function<void(Revision)> committed) {
  return std::make_unique<PostgresFollower>(options_.connection, channel_, std::move(committed));
}

}  // namespace weir::control
