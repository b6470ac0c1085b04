#pragma once

#include <string>

namespace weir::net {

/// Who is at the other end of a connection.
struct Peer {
  std::string address = {};  ///< "127.0.0.1:53122", "[::1]:53122", or "unix" for a socket
  bool is_unix = false;
  bool has_tls = false;
};

}  // namespace weir::net
