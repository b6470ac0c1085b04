#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace weir::net {

/// Where a request may go that is made on behalf of somebody else: to the public network, and to
/// the others that are listed. Loopback, private, shared, link-local, multicast and unspecified
/// addresses are refused otherwise, also when they are written as IPv6. Asked for each address that
/// a name turned out to be (HttpClientOptions::may_connect). Immutable.
class AllowedNetworks {
 public:
  /// `listed`: "10.1.0.0/16", "127.0.0.1", "fd00::/8". kInvalid names the first that is none.
  static Result<AllowedNetworks> Parse(std::span<const std::string> listed);

  AllowedNetworks() = default;  ///< none beside the public one

  /// kDenied when `ip` is not to be reached.
  Status Check(const std::string& ip) const;

 private:
  using Number = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
  struct Network {
    Number number{};
    int bits = 0;

    bool Holds(const Number& address) const;
  };

  static Result<Number> NumberOf(std::string_view ip);
  static Result<Network> NetworkOf(std::string_view text);

  std::vector<Network> listed_;
};

}  // namespace weir::net
