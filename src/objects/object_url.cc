#include "objects/object_url.h"

#include <optional>

#include "objects/object_key.h"

namespace weir::objects {
namespace {

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// nullopt for a broken escape and for %00, which no path can hold.
std::optional<std::string> Unescape(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      plain.push_back(text[at]);
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    const auto high = HexDigit(text[at + 1]);
    const auto low = HexDigit(text[at + 2]);
    if (!high || !low || *high + *low == 0) return std::nullopt;
    plain.push_back(static_cast<char>(*high * 16 + *low));
    at += 2;
  }
  return plain;
}

// The text up to `separator`, which both leave `rest`.
std::string_view TakeUntil(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view first = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return first;
}

Status CheckEndpoint(std::string_view endpoint) {
  const bool has_scheme = endpoint.starts_with("http://") || endpoint.starts_with("https://");
  const std::size_t host = has_scheme ? endpoint.find("//") + 2 : 0;
  const bool is_host =
      host < endpoint.size() && endpoint.find_first_of("/?#@", host) == std::string_view::npos;
  if (has_scheme && is_host) return Ok();
  return Invalid("the endpoint of an s3:// address is not http://HOST:PORT or https://HOST:PORT");
}

Status SetParameter(S3Location& location, std::string_view name, std::string value) {
  if (name == "endpoint") {
    RETURN_IF_ERROR(CheckEndpoint(value));
    location.endpoint = std::move(value);
    return Ok();
  }
  if (name == "region") {
    location.region = std::move(value);
    return Ok();
  }
  // Not quoted: it may be a credential.
  return Invalid("an s3:// address has a parameter that is not known")
      .WithHint(
          "endpoint and region are; credentials come from AWS_ACCESS_KEY_ID and "
          "AWS_SECRET_ACCESS_KEY");
}

Result<ObjectLocation> ParseS3(std::string_view rest) {
  S3Location location;
  std::string_view address = TakeUntil(rest, '?');
  std::string_view bucket = TakeUntil(address, '/');
  if (bucket.empty()) return Invalid("an s3:// address without a bucket");
  if (bucket.find_first_of("@:") != std::string_view::npos) {
    return Invalid("an s3:// address holds a user, a password or a port")
        .WithHint("s3://BUCKET/PREFIX?endpoint=https://HOST:PORT, credentials in AWS_*");
  }
  while (address.ends_with('/')) address.remove_suffix(1);
  auto prefix = Unescape(address);
  if (!prefix) return Invalid("the path of an s3:// address has a broken %-escape");
  if (!prefix->empty()) RETURN_IF_ERROR(CheckKey(*prefix));
  location.bucket = bucket;
  location.prefix = *std::move(prefix);
  while (!rest.empty()) {
    std::string_view parameter = TakeUntil(rest, '&');
    const std::string_view name = TakeUntil(parameter, '=');
    auto value = Unescape(parameter);
    if (!value) return Invalid("a parameter of an s3:// address has a broken %-escape");
    RETURN_IF_ERROR(SetParameter(location, name, *std::move(value)));
  }
  return location;
}

// `s3+http://host:port/bucket/prefix`: the endpoint is written as a host.
Result<ObjectLocation> ParseS3Endpoint(std::string_view scheme, std::string_view rest) {
  const std::string_view host = TakeUntil(rest, '/');
  const std::string endpoint = std::string(scheme) + "://" + std::string(host);
  RETURN_IF_ERROR(CheckEndpoint(endpoint));
  ASSIGN_OR_RETURN(ObjectLocation location, ParseS3(rest));
  auto& s3 = std::get<S3Location>(location);
  if (s3.endpoint.empty()) s3.endpoint = endpoint;
  return location;
}

Result<ObjectLocation> ParseHttp(std::string_view url) {
  if (url.find('?') != std::string_view::npos) {
    return Invalid("an http address of objects holds a query, to which no path can be added");
  }
  ASSIGN_OR_RETURN(net::Url base, net::ParseUrl(url));
  while (base.target.ends_with('/')) base.target.pop_back();
  return HttpLocation{.base = std::move(base)};
}

}  // namespace

Result<ObjectLocation> ParseObjectUrl(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (url.empty()) return Invalid("an empty address");
  if (scheme_end == std::string_view::npos) return FileLocation{.path = url};
  const std::string_view scheme = url.substr(0, scheme_end);
  const std::string_view rest = url.substr(scheme_end + 3);
  if (scheme == "s3") return ParseS3(rest);
  if (scheme == "s3+http" || scheme == "s3+https") return ParseS3Endpoint(scheme.substr(3), rest);
  if (scheme == "http" || scheme == "https") return ParseHttp(url);
  if (scheme != "file") {
    return Invalid(
        "addresses of objects begin with s3://, http://, https:// or file://, or are a path; this "
        "one has another scheme");
  }
  auto path = Unescape(rest);
  if (!path || !path->starts_with('/')) {
    return Invalid("a file:// address is not of the form file:///PATH");
  }
  return FileLocation{.path = *std::move(path)};
}

}  // namespace weir::objects
