#include "net/wire.h"

#include <utility>

namespace weir::net {
namespace {

constexpr std::chrono::milliseconds kLinger{2'000};
constexpr std::size_t kLingerBytes = 1 << 20;
constexpr std::size_t kLingerReadBytes = 16 << 10;

int FamilyOf(int fd) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  getsockname(fd, reinterpret_cast<sockaddr*>(&name), &size);
  return name.ss_family;
}

}  // namespace

Wire::Wire(IoThread& thread, UniqueFd fd)
    : thread_(thread),
      stream_(thread.executor()),
      gate_(thread.executor()),
      alarm_(thread.alarms(), [this] { OnExpired(); }) {
  ErrorCodeOfAsio failed;
  const int family = FamilyOf(fd.get());
  stream_.socket().assign(asio::generic::stream_protocol(family, 0), fd.get(), failed);
  if (failed) {
    peer_gone_ = true;
  } else {
    fd.Release();
    stream_.socket().non_blocking(true, failed);
  }
}

void Wire::OnExpired() {
  expired_ = true;
  gate_.Open();
  if (!in_call_) return;
  ErrorCodeOfAsio ignored;
  stream_.socket().cancel(ignored);
}

Awaitable<bool> Wire::Fill(std::size_t size) {
  if (interrupted_) co_return false;
  if (reading_ahead_) {
    while (reading_ahead_ && !expired_ && !interrupted_) co_await gate_.Wait();
    co_return !reading_ahead_ && !peer_gone_;
  }
  if (peer_gone_ || expired_) co_return false;
  const std::span<char> room = input_.Prepare(size);
  in_call_ = true;
  const auto [failed, count] =
      co_await stream_.async_read_some(asio::buffer(room.data(), room.size()), kAwait);
  in_call_ = false;
  input_.Commit(count);
  // A deadline or an Interrupt cancels the read and leaves the connection whole.
  if (failed && failed != asio::error::operation_aborted) peer_gone_ = true;
  co_return count > 0;
}

void Wire::ReadAhead(std::size_t size, const std::stop_source& on_gone) {
  on_gone_ = on_gone;
  if (peer_gone_ && on_gone_.stop_possible()) on_gone_.request_stop();
  if (reading_ahead_ || peer_gone_) return;
  reading_ahead_ = true;
  const std::span<char> room = input_.Prepare(size);
  stream_.async_read_some(asio::buffer(room.data(), room.size()),
                          [self = shared_from_this()](ErrorCodeOfAsio failed, std::size_t count) {
                            self->reading_ahead_ = false;
                            self->input_.Commit(count);
                            if (failed) {
                              self->peer_gone_ = true;
                              self->on_gone_.request_stop();
                            }
                            self->gate_.Open();
                          });
}

Awaitable<bool> Wire::Write(std::array<asio::const_buffer, 3> buffers, RateGuard& rate,
                            std::chrono::milliseconds stall) {
  std::size_t left = asio::buffer_size(buffers);
  while (left > 0) {
    const auto due = rate.Begin();
    alarm_.Set(std::min(due, std::chrono::steady_clock::now() + stall));
    in_call_ = true;
    const auto [failed, count] = co_await stream_.async_write_some(buffers, kAwait);
    in_call_ = false;
    alarm_.Clear();
    rate.End(count);
    if (failed) {
      peer_gone_ = true;
      co_return false;
    }
    left -= count;
    if (left == 0) break;
    std::size_t taken = count;
    for (asio::const_buffer& buffer : buffers) {
      const std::size_t part = std::min(taken, buffer.size());
      buffer += part;
      taken -= part;
    }
  }
  co_return true;
}

void Wire::Interrupt() {
  interrupted_ = true;
  gate_.Open();
  if (!in_call_) return;
  ErrorCodeOfAsio ignored;
  stream_.socket().cancel(ignored);
}

void Wire::Close(bool reset) {
  peer_gone_ = true;
  interrupted_ = true;
  if (on_gone_.stop_possible()) on_gone_.request_stop();
  stream_.Close(reset);
  gate_.Open();
}

Awaitable<void> Wire::SayGoodBye(bool linger) {
  if (peer_gone_) co_return;
  ForgetExpiry();
  interrupted_ = false;
  alarm_.Set(kLinger);
  ErrorCodeOfAsio ignored;
  if (EdgeStream::Tls* tls = stream_.tls(); tls != nullptr && !reading_ahead_) {
    co_await Call(tls->async_shutdown(kAwait));
  }
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
  for (std::size_t dropped = 0; linger && dropped < kLingerBytes && !expired_;) {
    input_.Consume(input_.size());
    linger = co_await Fill(kLingerReadBytes);
    dropped += input_.size();
  }
  alarm_.Clear();
}

// What other threads hold of a connection. They never hold the connection itself, so it always ends
// on its own thread.
struct Wire::Beacon {
  Executor executor;
  std::weak_ptr<Wire> wire;
  std::atomic<bool> is_lit = false;
};

std::function<void()> Wire::Waker() {
  if (beacon_ == nullptr) {
    beacon_ = std::make_shared<Beacon>(thread_.executor(), weak_from_this());
  }
  return [beacon = beacon_] {
    // One wake under way serves everybody: whoever wakes looks at everything.
    if (beacon->is_lit.exchange(true)) return;
    asio::post(beacon->executor, [beacon] {
      beacon->is_lit.store(false);
      if (const auto wire = beacon->wire.lock()) wire->gate_.Open();
    });
  };
}

}  // namespace weir::net
