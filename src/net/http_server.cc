#include "net/http_server.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <utility>

#include "net/accept_loop.h"
#include "net/lane.h"
#include "net/open_file_limit.h"

namespace weir::net {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Best effort: the client may already be gone, and nobody waits for it.
void SendBusy(int fd) {
  constexpr std::string_view kBusy =
      "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
      "Connection: close\r\n\r\n";
  send(fd, kBusy.data(), kBusy.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace

class HttpServer::Impl {
 public:
  Impl(Options options, Parts parts)
      : options_(std::move(options)), parts_(parts), room_(options_.limits) {
    const HttpConnectionParts shared{options_.limits, parts.service, parts.workers, draining_};
    for (std::size_t i = 0; i < parts.io_threads.size(); ++i) {
      lanes_.push_back(std::make_unique<Lane>(parts.io_threads.at(i), shared, room_));
    }
  }

  Status Listen();
  void StopAccepting();
  Status Drain(std::chrono::milliseconds limit);
  void Stop();

  std::vector<Address> addresses() const { return addresses_; }
  Counts counts() const {
    return {.open = room_.open(), .accepted = accepted_, .refused = refused_};
  }

 private:
  void Serve(Accepted accepted);
  bool WaitUntilEmpty(SteadyClock::time_point until);

  const Options options_;
  const Parts parts_;
  std::atomic<bool> draining_ = false;
  ConnectionRoom room_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::vector<std::shared_ptr<AcceptLoop>> loops_;
  std::vector<Address> addresses_;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
};

Status HttpServer::Impl::Listen() {
  RaiseOpenFileLimit(options_.limits.max_connections);
  std::vector<ListenSocket> sockets;
  for (const Address& address : options_.addresses) {
    ASSIGN_OR_RETURN(sockets.emplace_back(), net::Listen(address));
  }
  for (ListenSocket& socket : sockets) {
    addresses_.push_back(socket.address);
    loops_.push_back(
        std::make_shared<AcceptLoop>(parts_.io_threads.at(0), std::move(socket), parts_.log,
                                     [this](Accepted accepted) { Serve(std::move(accepted)); }));
  }
  for (const auto& loop : loops_) loop->Start();
  return Ok();
}

void HttpServer::Impl::Serve(Accepted accepted) {
  accepted_.fetch_add(1, std::memory_order_relaxed);
  const bool with_tls = options_.tls != nullptr && !accepted.peer.is_unix;
  if (!room_.Enter(accepted.host)) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    parts_.service.OnConnection(ConnectionEvent::kRefused);
    if (!with_tls) SendBusy(accepted.fd.get());
    return;
  }
  const auto lane =
      std::min_element(lanes_.begin(), lanes_.end(),
                       [](const auto& a, const auto& b) { return a->size() < b->size(); });
  (*lane)->Add(std::move(accepted), with_tls ? options_.tls->pair() : nullptr);
}

void HttpServer::Impl::StopAccepting() {
  for (const auto& loop : loops_) loop->Stop();
}

bool HttpServer::Impl::WaitUntilEmpty(SteadyClock::time_point until) {
  return std::all_of(lanes_.begin(), lanes_.end(),
                     [&](const auto& lane) { return lane->WaitUntilEmpty(until); });
}

Status HttpServer::Impl::Drain(std::chrono::milliseconds limit) {
  const auto until = SteadyClock::now() + limit;
  draining_ = true;
  StopAccepting();
  for (const auto& lane : lanes_) lane->Drain();
  if (WaitUntilEmpty(until)) return Ok();
  return Deadline("{} connections were still busy after {} ms", room_.open(), limit.count());
}

void HttpServer::Impl::Stop() {
  draining_ = true;
  StopAccepting();
  for (const auto& lane : lanes_) lane->Close();
  WaitUntilEmpty(SteadyClock::time_point::max());
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(Options options, Parts parts) {
  auto impl = std::make_unique<Impl>(std::move(options), parts);
  RETURN_IF_ERROR(impl->Listen());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { Stop(); }

std::vector<Address> HttpServer::addresses() const { return impl_->addresses(); }
HttpServer::Counts HttpServer::counts() const { return impl_->counts(); }
Status HttpServer::Drain(std::chrono::milliseconds limit) { return impl_->Drain(limit); }
void HttpServer::Stop() { impl_->Stop(); }

}  // namespace weir::net
