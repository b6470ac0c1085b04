#include "net/url.h"

#include <algorithm>

namespace weir::net {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool NamesPort(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  return authority.find(':', bracket == std::string_view::npos ? 0 : bracket) !=
         std::string_view::npos;
}

}  // namespace

std::string Endpoint::Host() const {
  if (address.is_unix()) return "localhost";
  const std::string text = address.ToString();
  const std::uint16_t usual = has_tls ? kHttpsPort : kHttpPort;
  return address.port == usual ? text.substr(0, text.rfind(':')) : text;
}

std::string Url::ToString() const {
  if (endpoint.address.is_unix()) return endpoint.address.ToString();
  return (endpoint.has_tls ? "https://" : "http://") + endpoint.Host() + target;
}

Result<Url> ParseUrl(std::string_view text) {
  const auto bad = [&](std::string_view why) { return Invalid("URL \"{}\": {}", text, why); };
  if (text.starts_with("unix:")) {
    ASSIGN_OR_RETURN(Address address, ParseAddress(text));
    return Url{.endpoint = {.address = std::move(address)}};
  }
  const bool has_tls = text.starts_with("https://");
  if (!has_tls && !text.starts_with("http://")) {
    return bad("it begins with none of http://, https:// and unix:");
  }
  if (!IsVisible(text)) return bad("it holds blanks or characters beyond ASCII");
  if (text.find('#') != std::string_view::npos) return bad("a fragment is not sent to a server");
  const std::string_view rest = text.substr(text.find("://") + 3);
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
  std::string authority(rest.substr(0, path));
  if (authority.find('@') != std::string::npos) {
    return Invalid("a URL holds a user name or a password").WithHint("give credentials apart");
  }
  if (!NamesPort(authority)) authority += fmt::format(":{}", has_tls ? kHttpsPort : kHttpPort);
  Result<Address> address = ParseAddress(authority);
  if (!address || address->is_unix()) return bad("the host or the port is none");
  Url url{.endpoint = {std::move(*address), has_tls}, .target = std::string(rest.substr(path))};
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

}  // namespace weir::net
