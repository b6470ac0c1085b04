#pragma once

#include <memory>
#include <vector>

#include "api/handler.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/worker_pool.h"
#include "net/address.h"
#include "net/io_threads.h"
#include "wire/http/http_door_options.h"

namespace weir::http {

/// The door for HTTP/1.1 clients: decodes a request into an api::Request, calls the handler, and
/// encodes what it answers. Everything the protocol asks for happens here, so that handlers stay
/// values in, values out: limits, deadlines, compression, ids, security headers, problems for what
/// is no request, server-sent events, the access log and metrics.
///
/// Handlers run on the worker pool; those that call themselves Cheap, and have no body, on an I/O
/// thread. Thread-safe. Made in server/wiring.cc; what it is given outlives it.
class HttpDoor {
 public:
  struct Parts {
    net::IoThreads& io_threads;
    WorkerPool& workers;
    api::Handler& handler;
    Logger& log;
    MetricRegistry& metrics;
  };

  /// Binds every address and begins to answer. kInvalid for options that contradict themselves or
  /// listen beyond loopback without TLS; kUnavailable when an address is taken, naming it.
  static Result<std::unique_ptr<HttpDoor>> Open(HttpDoorOptions options, Parts parts);

  virtual ~HttpDoor() = default;  ///< Stop

  /// Where it listens, with the ports the kernel chose.
  virtual std::vector<net::Address> addresses() const = 0;

  /// Reads certificate and key anew, for the connections made from now on. The old ones stay in use
  /// when the new ones are bad. It also happens by itself within seconds of a change of the files.
  virtual Status ReloadTls() = 0;

  /// Takes no more connections or requests, lets the running ones finish and event streams say good
  /// bye, and returns when all are done or `limit` has passed (kDeadline).
  virtual Status Drain(std::chrono::milliseconds limit) = 0;

  /// Ends every connection, and returns when no handler runs any more. May be repeated.
  virtual void Stop() = 0;
};

}  // namespace weir::http
