#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "base/context.h"
#include "net/address.h"

namespace weir::net {

/// One IP address and port to connect to.
struct SocketAddress {
  union {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };
  socklen_t size = 0;

  std::string Number() const;  ///< "127.0.0.1" or "::1", without the port
};

/// The addresses of a host, in the order to try them. Waits for the name service no longer than
/// `context` allows, which the service itself knows nothing of. kUnavailable when the host has
/// none.
Result<std::vector<SocketAddress>> Resolve(const Context& context, const Address& address);

}  // namespace weir::net
