#include "net/address.h"

#include <charconv>
#include <optional>

namespace weir::net {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::size_t kLongestSocketPath = 107;  // sockaddr_un

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

}  // namespace

std::string Address::ToString() const {
  if (is_unix()) return std::string(kUnixPrefix) + socket_path;
  if (host.find(':') != std::string::npos) return fmt::format("[{}]:{}", host, port);
  return fmt::format("{}:{}", host, port);
}

Result<Address> ParseAddress(std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return Invalid("address \"{}\": {}", text, why)
        .WithHint("write HOST:PORT, [IPV6]:PORT or unix:PATH");
  };
  if (text.starts_with(kUnixPrefix)) {
    const std::string_view path = text.substr(kUnixPrefix.size());
    if (path.empty()) return bad("the path is missing");
    if (path.size() > kLongestSocketPath) return bad("a socket path has at most 107 bytes");
    return Address{.socket_path = std::string(path)};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad("the port is missing");
  std::string_view host = text.substr(0, colon);
  const auto port = ParsePort(text.substr(colon + 1));
  if (!port) return bad("the port is no number up to 65535");
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad("an IPv6 host needs brackets");
  }
  if (host.empty()) return bad("the host is missing");
  if (host.find_first_of("[]") != std::string_view::npos) {
    return bad("brackets belong around an IPv6 host");
  }
  return Address{.host = std::string(host), .port = *port};
}

bool IsLoopback(const Address& address) {
  return address.is_unix() || address.host == "localhost" || address.host == "::1" ||
         (address.host.starts_with("127.") &&
          address.host.find_first_not_of("0123456789.") == std::string::npos);
}

}  // namespace weir::net
