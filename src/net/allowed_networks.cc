#include "net/allowed_networks.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace weir::net {
namespace {

constexpr int kV4Bits = 96;  // of the prefix ::ffff:0:0 before an IPv4 number

constexpr const char* kNotPublic[] = {
    "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10", "127.0.0.0/8",
    "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",  "192.168.0.0/16",
    "198.18.0.0/15",  "224.0.0.0/3",   "::/127",        "64:ff9b:1::/48",
    "fc00::/7",       "fe80::/10",     "fec0::/10",     "ff00::/8"};

}  // namespace

bool AllowedNetworks::Network::Holds(const Number& address) const {
  const int whole = bits / 8;
  if (!std::equal(number.begin(), number.begin() + whole, address.begin())) return false;
  if (bits % 8 == 0) return true;
  const int shift = 8 - bits % 8;
  return number[whole] >> shift == address[whole] >> shift;
}

Result<AllowedNetworks::Number> AllowedNetworks::NumberOf(std::string_view ip) {
  const std::string text(ip);
  Number number{};
  if (inet_pton(AF_INET, text.c_str(), number.data() + 12) == 1) {
    number[10] = number[11] = 0xff;
    return number;
  }
  if (inet_pton(AF_INET6, text.c_str(), number.data()) != 1) {
    return Invalid("\"{}\" is no IP address", ip);
  }
  // Ways to write an IPv4 address that a gateway or the kernel takes for it: NAT64 and 6to4.
  constexpr std::uint8_t kNat64[12] = {0, 0x64, 0xff, 0x9b};
  const bool is_nat64 = std::equal(std::begin(kNat64), std::end(kNat64), number.begin());
  const bool is_6to4 = number[0] == 0x20 && number[1] == 0x02;
  if (!is_nat64 && !is_6to4) return number;
  Number inner{};
  inner[10] = inner[11] = 0xff;
  std::memcpy(inner.data() + 12, number.data() + (is_nat64 ? 12 : 2), 4);
  return inner;
}

Result<AllowedNetworks::Network> AllowedNetworks::NetworkOf(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view ip = text.substr(0, slash);
  const bool is_v4 = ip.find(':') == std::string_view::npos;
  ASSIGN_OR_RETURN(const Number number, NumberOf(ip));
  int bits = is_v4 ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view length = text.substr(slash + 1);
    const int most = bits;
    const auto [end, failed] = std::from_chars(length.data(), length.data() + length.size(), bits);
    if (failed != std::errc() || end != length.data() + length.size() || bits < 0 || bits > most) {
      return Invalid("\"{}\" is no network", text);
    }
  }
  return Network{.number = number, .bits = is_v4 ? kV4Bits + bits : bits};
}

Result<AllowedNetworks> AllowedNetworks::Parse(std::span<const std::string> listed) {
  AllowedNetworks allowed;
  for (const std::string& text : listed) {
    auto network = NetworkOf(text);
    if (!network) {
      return std::move(network).error().WithHint("networks are written 10.1.0.0/16 or fd00::/8");
    }
    allowed.listed_.push_back(*network);
  }
  return allowed;
}

Status AllowedNetworks::Check(const std::string& ip) const {
  static const std::vector<Network> not_public = [] {
    std::vector<Network> networks;
    for (const char* text : kNotPublic) networks.push_back(NetworkOf(text).value());
    return networks;
  }();
  ASSIGN_OR_RETURN(const Number number, NumberOf(ip));
  const auto holds = [&](const Network& network) { return network.Holds(number); };
  if (std::none_of(not_public.begin(), not_public.end(), holds)) return Ok();
  if (std::any_of(listed_.begin(), listed_.end(), holds)) return Ok();
  return Denied("{} is not a public address", ip)
      .WithHint("sources.networks in weir.yaml lists those that may be reached besides");
}

}  // namespace weir::net
