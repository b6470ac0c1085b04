#include "net/accept_loop.h"

#include <future>
#include <utility>

namespace weir::net {
namespace {

constexpr std::chrono::milliseconds kPauseWhenFull{100};

}  // namespace

AcceptLoop::AcceptLoop(IoThread& thread, ListenSocket socket, Logger& log, OnAccepted on_accepted)
    : thread_(thread),
      socket_(std::move(socket)),
      log_(log),
      on_accepted_(std::move(on_accepted)),
      descriptor_(thread.executor()),
      pause_(thread.executor()) {}

void AcceptLoop::Start() {
  asio::co_spawn(
      thread_.executor(), [self = shared_from_this()] { return self->Run(); }, asio::detached);
}

Awaitable<void> AcceptLoop::Run() {
  descriptor_.assign(socket_.fd.get());
  while (!stopped_) {
    Result<std::optional<Accepted>> accepted = Accept(socket_);
    if (!accepted) {
      log_.Warn("accept_failed", accepted.error());
      pause_.expires_after(kPauseWhenFull);
      co_await pause_.async_wait(kAwait);
    } else if (*accepted) {
      on_accepted_(std::move(**accepted));
    } else {
      co_await descriptor_.async_wait(asio::posix::descriptor_base::wait_read, kAwait);
    }
  }
}

void AcceptLoop::Stop() {
  std::promise<void> done;
  asio::post(thread_.executor(), [this, &done] {
    if (!std::exchange(stopped_, true)) {
      if (descriptor_.is_open()) descriptor_.release();  // ends the wait; the socket is ours
      pause_.cancel();
      socket_.fd = UniqueFd();
    }
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace weir::net
