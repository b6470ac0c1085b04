#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "base/context.h"
#include "net/edge_stream.h"
#include "net/http_client.h"
#include "net/input_buffer.h"

namespace weir::net {

/// A connection to a server, as a plain thread uses it: each call runs the connection's own
/// io_context until it is done, the context has ended, or nothing has moved for too long. A call
/// that failed leaves the connection closed. One thread at a time. Only for sources of net/.
class ClientConnection {
 public:
  static constexpr std::size_t kReadBytes = 16 << 10;  ///< enough for a head

  explicit ClientConnection(std::chrono::milliseconds stall_timeout)
      : stall_timeout_(stall_timeout) {}

  /// Connects, with TLS when the endpoint says so.
  Status Connect(const Context& context, const Endpoint& endpoint,
                 const HttpClientOptions& options);

  /// Writes all of it.
  Status Write(const Context& context, std::string_view bytes);

  /// Reads what is there, at least a byte and at most `most`, into input(). False at the end of the
  /// stream.
  Result<bool> Fill(const Context& context, std::size_t most = kReadBytes);

  /// As Fill, but a deadline or a cancellation leaves the connection as it is, and the next call
  /// waits on. Not to be mixed with Fill.
  Result<bool> FillPatiently(const Context& context);

  InputBuffer& input() { return input_; }
  EdgeStream& stream() { return stream_; }

  /// Whether it can take another request: open, nothing unread, and not closed by the server.
  bool IsReusable();
  void Close() { stream_.Close(); }

  /// Runs one asynchronous operation: `start` is given the handler for it.
  using Handler = std::function<void(ErrorCodeOfAsio, std::size_t)>;
  Result<std::size_t> Run(const Context& context, std::chrono::nanoseconds longest,
                          std::string_view attempted, const std::function<void(Handler)>& start);

  /// Runs what is under way until `done`; an error, and nothing is ended, when that takes too long.
  Status Wait(const Context& context, std::chrono::nanoseconds longest,
              const std::function<bool()>& done);

  /// Runs what is under way to its end, which a Close before makes near.
  void RunToEnd();

 private:
  Status ConnectTcp(const Context& context, const Endpoint& endpoint,
                    const HttpClientOptions& options);
  Status ConnectUnix(const Context& context, const Address& address);
  Status HandshakeTls(const Context& context, const Endpoint& endpoint,
                      const HttpClientOptions& options);

  const std::chrono::milliseconds stall_timeout_;
  asio::io_context context_{1};
  EdgeStream stream_{context_.get_executor()};
  InputBuffer input_;
  bool reading_ = false;  // FillPatiently's read is under way
  std::optional<std::pair<ErrorCodeOfAsio, std::size_t>> read_;
};

}  // namespace weir::net
