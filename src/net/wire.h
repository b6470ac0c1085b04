#pragma once

#include <array>
#include <memory>
#include <stop_token>

#include "net/edge_stream.h"
#include "net/gate.h"
#include "net/input_buffer.h"
#include "net/io_thread.h"
#include "net/listen_socket.h"
#include "net/rate_guard.h"

namespace weir::net {

/// The bytes of one connection, with a deadline on every wait: what HTTP and the rest are written
/// on. Belongs to its I/O thread, apart from Waker. Only for sources of net/.
class Wire : public std::enable_shared_from_this<Wire> {
 public:
  Wire(IoThread& thread, UniqueFd fd);

  EdgeStream& stream() { return stream_; }
  IoThread& thread() { return thread_; }
  InputBuffer& input() { return input_; }
  Gate& gate() { return gate_; }
  Alarm& alarm() { return alarm_; }

  bool expired() const { return expired_; }      ///< a deadline has passed
  bool peer_gone() const { return peer_gone_; }  ///< it closed its side, or the connection broke
  void ForgetExpiry() { expired_ = false; }

  /// Waits for more input, at most `size` bytes. False when none will come: the peer has gone, the
  /// deadline passed, or Interrupt was called.
  Awaitable<bool> Fill(std::size_t size);

  /// Reads in the background while something else is waited for; the gate opens when it is done.
  /// It finds out that the peer has gone, and then asks `on_gone` to stop.
  void ReadAhead(std::size_t size, const std::stop_source& on_gone);
  bool is_reading_ahead() const { return reading_ahead_; }

  /// Writes all of it, as fast as `rate` asks of the client and with no pause longer than `stall`.
  Awaitable<bool> Write(std::array<asio::const_buffer, 3> buffers, RateGuard& rate,
                        std::chrono::milliseconds stall);

  /// Waits for another operation of the stream, within the deadline.
  template <typename T>
  Awaitable<T> Call(Awaitable<T> operation) {
    in_call_ = true;
    T outcome = co_await std::move(operation);
    in_call_ = false;
    co_return outcome;
  }

  /// Ends a Fill under way, if nothing has come yet; the connection is otherwise left whole.
  void Interrupt();

  /// Ends everything under way. With `reset`, what was written and not yet sent is dropped.
  void Close(bool reset);

  /// Tells the peer that this was all. With `linger`, also waits a moment for it to close, so that
  /// unread input does not make the kernel throw away what the peer has not read yet.
  Awaitable<void> SayGoodBye(bool linger);

  /// A function that opens the gate, from any thread and also after the connection has ended.
  std::function<void()> Waker();

 private:
  struct Beacon;

  void OnExpired();

  IoThread& thread_;
  EdgeStream stream_;
  InputBuffer input_;
  Gate gate_;
  Alarm alarm_;
  bool expired_ = false;
  bool peer_gone_ = false;
  bool interrupted_ = false;
  bool in_call_ = false;  // a read or write that a coroutine waits for, not a background one
  bool reading_ahead_ = false;
  std::stop_source on_gone_{std::nostopstate};
  std::shared_ptr<Beacon> beacon_;
};

}  // namespace weir::net
