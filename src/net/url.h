#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "net/address.h"

namespace weir::net {

/// Whom a client talks to, and whether under TLS.
struct Endpoint {
  Address address = {};
  bool has_tls = false;

  /// The Host header, and the name of an origin: "example.com", "example.com:8443", "[::1]:80".
  std::string Host() const;
  bool operator==(const Endpoint&) const = default;
};

struct Url {
  Endpoint endpoint = {};
  std::string target = "/";  ///< path and query, as they go over the wire

  /// "https://example.com/path", or "unix:/run/weir.sock" for the endpoint of a socket.
  std::string ToString() const;
  bool operator==(const Url&) const = default;
};

/// Reads "http://", "https://" and "unix:PATH" (whose target is "/"). User info and fragments are
/// refused: the one belongs into a header, the other is not sent.
Result<Url> ParseUrl(std::string_view text);

}  // namespace weir::net
