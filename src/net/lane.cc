#include "net/lane.h"

#include <utility>

#include "net/server_tls_pair.h"

namespace weir::net {

void Lane::Add(Accepted accepted, std::shared_ptr<ServerTls::Pair> tls) {
  {
    const std::lock_guard lock(mutex_);
    ++size_;
  }
  asio::post(thread_.executor(), [this, accepted = std::move(accepted),
                                  tls = std::move(tls)]() mutable {
    asio::co_spawn(thread_.executor(), Serve(std::move(accepted), std::move(tls)), asio::detached);
  });
}

Awaitable<void> Lane::Serve(Accepted accepted, std::shared_ptr<ServerTls::Pair> tls) {
  const std::string host = std::move(accepted.host);
  if (!is_closed_) {
    const auto wire = std::make_shared<Wire>(thread_, std::move(accepted.fd));
    HttpConnection connection(parts_, wire, std::move(accepted.peer));
    connections_.insert(&connection);
    parts_.service.OnConnection(ConnectionEvent::kOpened);
    co_await connection.Run(tls != nullptr ? &tls->context : nullptr);
    connections_.erase(&connection);
    parts_.service.OnConnection(ConnectionEvent::kClosed);
  }
  room_.Leave(host);
  // Under the lock: who waits destroys this lane as soon as it sees zero.
  const std::lock_guard lock(mutex_);
  --size_;
  changed_.notify_all();
}

void Lane::Drain() {
  asio::post(thread_.executor(), [this] {
    for (HttpConnection* connection : connections_) connection->Drain();
  });
}

void Lane::Close() {
  {
    const std::lock_guard lock(mutex_);
    ++size_;  // this call is work too
  }
  asio::post(thread_.executor(), [this] {
    is_closed_ = true;
    for (HttpConnection* connection : connections_) connection->Close();
    const std::lock_guard lock(mutex_);
    --size_;
    changed_.notify_all();
  });
}

std::size_t Lane::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

bool Lane::WaitUntilEmpty(std::chrono::steady_clock::time_point until) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, until, [this] { return size_ == 0; });
}

}  // namespace weir::net
