#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/context.h"
#include "net/http_client.h"

namespace weir::net {

/// One end of a WebSocket (RFC 6455): whole messages both ways, for plain threads.
///
/// Pings are answered and fragments joined below this. At the server one thread may send while
/// another receives; at the client it is one thread at a time.
class WebSocket {
 public:
  struct Message {
    std::string data = {};
    bool is_text = true;  ///< else binary; text is UTF-8
  };

  virtual ~WebSocket() = default;

  /// Hands `message` on, waiting while the other side is slow. kUnavailable once the connection has
  /// ended; kDeadline and kCancelled as `context` says, and then the message has not been sent.
  virtual Status Send(const Context& context, Message message) = 0;

  /// The next message; nullopt once the other side has said good bye. kUnavailable when the
  /// connection broke; kDeadline and kCancelled as `context` says, and it may be called again.
  virtual Result<std::optional<Message>> Receive(const Context& context) = 0;

  /// Says good bye, with a status code of RFC 6455 section 7.4. What was sent before still goes.
  virtual void Close(std::uint16_t code, std::string reason) = 0;
};

/// Opens a WebSocket at `url`, whose scheme is that of HTTP. Errors as HttpClient::Send, and
/// kInvalid when the server answers with anything but an upgrade. `fields` go with the request.
Result<std::unique_ptr<WebSocket>> ConnectWebSocket(const Context& context, const Url& url,
                                                    const HttpClient::Fields& fields,
                                                    const HttpClientOptions& options,
                                                    std::size_t max_message_bytes = 1 << 20);

}  // namespace weir::net
