#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/context.h"
#include "base/stream.h"
#include "net/client_tls.h"
#include "net/url.h"

namespace weir::net {

struct HttpClientOptions {
  std::shared_ptr<const ClientTls> tls = {};          ///< null: https is refused
  std::chrono::milliseconds connect_timeout{10'000};  ///< for each address, TLS included
  std::chrono::milliseconds stall_timeout{60'000};    ///< no byte moves, whatever the deadline
  std::chrono::milliseconds keep_idle{30'000};        ///< a connection waits for the next request
  std::size_t max_idle = 8;                           ///< connections kept
  std::size_t max_head_bytes = 64 << 10;
  std::size_t max_fields = 256;
  /// Asked before each connect, with the IP address that the name turned out to be: an Error keeps
  /// the client from going there. None: everywhere.
  std::function<Status(const std::string& ip)> may_connect = {};
};

/// HTTP/1.1 for plain threads: over TCP, TLS or a Unix-domain socket.
///
/// Redirects are the caller's to follow, cookies are not kept, and nothing is decompressed. A
/// connection is used again once its response has been read to the end; a request on one that the
/// server had closed meanwhile is repeated once, if it has no body and an idempotent method.
/// Thread-safe.
class HttpClient {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  struct Request {
    std::string method = "GET";
    Url url = {};
    Fields fields = {};  ///< Host, Content-Length and Transfer-Encoding are the client's
    std::unique_ptr<ByteSource> body = {};
  };

  struct Response {
    int status = 0;
    Fields fields = {};
    /// Never null. Reading keeps to the context of Send, and fails when the body breaks off.
    std::unique_ptr<ByteSource> body = {};

    /// The value of the first field of that name, without case; empty when there is none.
    std::string_view Field(std::string_view name) const;
  };

  explicit HttpClient(HttpClientOptions options);
  ~HttpClient();  ///< responses may outlive it

  /// Sends `request` and returns when the head of the response is there, whatever its status.
  /// kUnavailable: not reached, or broken off; kDeadline, kCancelled: as `context` says; kInvalid:
  /// the server does not speak HTTP/1.1, or its certificate is not to be believed.
  Result<Response> Send(const Context& context, Request request);

 private:
  struct Shared;
  const std::shared_ptr<Shared> shared_;
};

}  // namespace weir::net
