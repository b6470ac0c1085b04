#include "wire/http/http_door_options.h"

#include <algorithm>

namespace weir::http {

Status Validate(const HttpDoorOptions& options) {
  if (options.listen.empty() && options.socket.empty()) {
    return Invalid("the HTTP door has nothing to listen on");
  }
  for (const net::Address& address : options.listen) {
    if (address.is_unix()) {
      return Invalid("{} is a socket: it is set apart from the addresses", address.ToString());
    }
    if (!options.tls && !net::IsLoopback(address)) {
      return Invalid("listening on {} without TLS would show every token to the network",
                     address.ToString())
          .WithHint(
              "give a certificate and its key, ask for a self-signed pair, or listen on "
              "127.0.0.1");
    }
  }
  if (options.default_timeout > options.max_timeout) {
    return Invalid("the default request timeout is above the longest one allowed");
  }
  if (options.limits.max_head_bytes < 1'024 || options.limits.buffered_body_bytes == 0) {
    return Invalid("the HTTP limits leave no room for a request");
  }
  return Ok();
}

}  // namespace weir::http
