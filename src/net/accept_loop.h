#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <memory>

#include "base/log.h"
#include "net/io_thread.h"
#include "net/listen_socket.h"

namespace weir::net {

/// Accepts connections on one socket and hands them on, on one I/O thread. Out of file descriptors,
/// it rests for a moment instead of spinning. Only for sources of net/.
class AcceptLoop : public std::enable_shared_from_this<AcceptLoop> {
 public:
  using OnAccepted = std::function<void(Accepted)>;

  AcceptLoop(IoThread& thread, ListenSocket socket, Logger& log, OnAccepted on_accepted);

  void Start();
  /// Closes the socket; returns when nothing more will be handed on. Not on an I/O thread.
  void Stop();

  const Address& address() const { return socket_.address; }

 private:
  Awaitable<void> Run();

  IoThread& thread_;
  ListenSocket socket_;
  Logger& log_;
  const OnAccepted on_accepted_;
  asio::posix::basic_stream_descriptor<Executor> descriptor_;
  Timer pause_;
  bool stopped_ = false;  // on the thread only
};

}  // namespace weir::net
