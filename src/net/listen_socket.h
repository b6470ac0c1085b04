#pragma once

#include <optional>

#include "base/result.h"
#include "net/address.h"
#include "net/peer.h"
#include "net/unique_fd.h"

namespace weir::net {

/// A bound, listening socket that never blocks.
struct ListenSocket {
  UniqueFd fd = {};
  Address address = {};  ///< with the port that the kernel chose
};

/// Binds `address` and listens. A socket path gets mode 0600; a socket file there that nobody
/// listens on is replaced. kUnavailable when the address is taken or not of this machine, kDenied
/// when this process may not have it; the message names the address.
Result<ListenSocket> Listen(const Address& address);

/// A connection that was accepted.
struct Accepted {
  UniqueFd fd = {};
  Peer peer = {};
  std::string host = {};  ///< of the peer, without its port
};

/// The next waiting connection. nullopt when none waits; kExhausted when this process has no file
/// descriptors left, other connection errors are skipped.
Result<std::optional<Accepted>> Accept(const ListenSocket& socket);

}  // namespace weir::net
