#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "base/log.h"
#include "base/worker_pool.h"
#include "net/address.h"
#include "net/http_limits.h"
#include "net/http_service.h"
#include "net/io_threads.h"
#include "net/server_tls.h"

namespace weir::net {

/// Serves HTTP/1.1 and WebSocket on any number of addresses, within the limits given.
///
/// Connections live on the I/O threads as coroutines; a service's blocking Answer runs on a worker,
/// and bodies stream both ways a piece at a time, so a slow client costs a little memory and no
/// thread. Thread-safe. What it is given outlives it.
class HttpServer {
 public:
  struct Options {
    std::vector<Address> addresses = {};
    HttpLimits limits = {};
    ServerTls* tls = nullptr;  ///< for the TCP addresses; null: none
  };
  struct Parts {
    IoThreads& io_threads;
    WorkerPool& workers;
    HttpService& service;
    Logger& log;
  };
  struct Counts {
    std::size_t open = 0;        ///< connections now
    std::uint64_t accepted = 0;  ///< since the start
    std::uint64_t refused = 0;   ///< for want of room
  };

  /// Listens on every address, or on none and returns the error (see Listen).
  static Result<std::unique_ptr<HttpServer>> Start(Options options, Parts parts);

  ~HttpServer();  ///< Stop

  std::vector<Address> addresses() const;  ///< with the ports the kernel chose
  Counts counts() const;

  /// Takes no more connections and requests; returns when the running ones are answered, or
  /// kDeadline after `limit`.
  Status Drain(std::chrono::milliseconds limit);

  /// Ends every connection and returns when no Answer runs any more. May be repeated.
  void Stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace weir::net
