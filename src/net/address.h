#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::net {

/// Where a server listens or a client connects: a host and a port, or a Unix-domain socket.
struct Address {
  std::string host = {};  ///< name or number, an IPv6 one without brackets; empty for a socket path
  std::uint16_t port = 0;  ///< 0 asks the kernel for a free one
  std::string socket_path = {};

  bool is_unix() const { return !socket_path.empty(); }

  /// "127.0.0.1:8420", "[::1]:8420" or "unix:/run/weir.sock".
  std::string ToString() const;
  bool operator==(const Address&) const = default;
};

/// Reads what Address::ToString writes; a host may be a name. kInvalid otherwise.
Result<Address> ParseAddress(std::string_view text);

/// Whether only this machine can reach it: a socket path, "localhost", 127.0.0.0/8 or ::1.
bool IsLoopback(const Address& address);

}  // namespace weir::net
