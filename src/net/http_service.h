#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>

#include "base/stream.h"
#include "net/http_head.h"
#include "net/peer.h"

namespace weir::net {

class WebSocket;

/// A request whose syntax and sizes have been checked. What it views lives until the answer has
/// been sent.
struct HttpRequest {
  const RequestHead& head;
  const Peer& peer;
  std::unique_ptr<ByteSource> body = {};  ///< null: none. Reading waits for the client.
  std::stop_token cancelled = {};         ///< the client has gone, or the server stops
};

/// Bytes that come when they come: server-sent events. The I/O thread calls Poll, so it must not
/// wait. `ready` may be called from any thread, also after the source is gone.
class PushSource {
 public:
  struct Pushed {
    std::string bytes = {};
    bool ended = false;
  };

  virtual ~PushSource() = default;
  virtual Pushed Poll() = 0;                              ///< what is there now, maybe nothing
  virtual void OnReady(std::function<void()> ready) = 0;  ///< called once, before the first Poll
  virtual std::string_view heartbeat() const = 0;         ///< sent when nothing else was
  virtual std::string_view farewell() const = 0;          ///< sent when the server drains
};

/// Hears how an answer ended: the access log and the metrics.
class SentObserver {
 public:
  virtual ~SentObserver() = default;
  /// `whole` is false when the client left, stalled, or the body's source failed.
  virtual void Sent(int status, std::uint64_t body_bytes, bool whole) = 0;
};

/// An answer ready to be written.
struct HttpResponse {
  /// Serves a WebSocket, on a worker, until it returns; it honours the socket's end.
  using WebSocketCall = std::function<void(WebSocket&)>;
  using Body = std::variant<std::string, std::unique_ptr<ByteSource>, std::unique_ptr<PushSource>,
                            WebSocketCall>;

  int status = 200;  ///< does not matter beside a WebSocketCall
  /// Complete lines, each ended by CRLF, without those of the connection itself: Content-Length,
  /// Transfer-Encoding, Connection and Date are the server's.
  std::string fields = {};
  Body body = {};
  bool close = false;  ///< no further request on this connection
  std::unique_ptr<SentObserver> observer = {};
};

enum class ConnectionEvent { kOpened, kClosed, kRefused };

/// What an HttpServer serves. Thread-safe; it outlives the server.
class HttpService {
 public:
  virtual ~HttpService() = default;

  /// Whether Answer for this request costs microseconds and never waits: it then runs on the I/O
  /// thread, and otherwise on a worker.
  virtual bool IsCheap(const RequestHead& head) const = 0;

  virtual HttpResponse Answer(HttpRequest request) = 0;

  /// The answer to bytes that are no acceptable request, or to one there is no room for.
  virtual HttpResponse Refuse(const Refusal& refusal, const Peer& peer) = 0;

  /// Hears of connections as they come and go; kRefused ones found no room.
  virtual void OnConnection(ConnectionEvent event) { static_cast<void>(event); }
};

}  // namespace weir::net
