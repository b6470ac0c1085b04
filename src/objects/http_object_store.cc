#include "objects/http_object_store.h"

#include <fmt/format.h>

#include <charconv>
#include <ctime>

#include "objects/http_source.h"
#include "objects/object_key.h"

namespace weir::objects {
namespace {

// Percent-encoded for a path; slashes stay.
std::string Escaped(std::string_view key) {
  constexpr std::string_view kPlain = "-._~/!$&'()*+,;=:@";
  std::string escaped;
  for (const char c : key) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                          (c >= 'a' && c <= 'z') || kPlain.find(c) != std::string_view::npos;
    if (is_plain) {
      escaped.push_back(c);
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

// "Sun, 06 Nov 1994 08:49:37 GMT"; the beginning of time for anything else.
Timestamp ModifiedIn(std::string_view date) {
  std::tm time{};
  const std::string text(date);
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &time);
  if (end == nullptr || *end != '\0') return {};
  return Timestamp(std::chrono::seconds(timegm(&time)));
}

}  // namespace

net::Url HttpObjectStore::UrlOf(std::string_view key) const {
  net::Url url = base_;
  url.target += "/" + Escaped(key);
  return url;
}

Error HttpObjectStore::ReadOnly() const {
  return Unimplemented("{} can only be read: it is an http address", ToString());
}

Result<std::unique_ptr<ObjectWriter>> HttpObjectStore::Create(const Context& /*context*/,
                                                              std::string_view key,
                                                              IfExists /*if_exists*/) {
  RETURN_IF_ERROR(CheckKey(key));
  return ReadOnly();
}

Result<std::unique_ptr<ByteSource>> HttpObjectStore::Get(const Context& context,
                                                         std::string_view key, ByteRange range) {
  RETURN_IF_ERROR(CheckKey(key));
  auto source = std::make_unique<HttpSource>(context, requester_, UrlOf(key), range);
  RETURN_IF_ERROR(source->Open());
  return source;
}

Result<ObjectInfo> HttpObjectStore::Stat(const Context& context, std::string_view key) {
  RETURN_IF_ERROR(CheckKey(key));
  HttpRequester::Request request{.method = "HEAD", .url = UrlOf(key)};
  ASSIGN_OR_RETURN(auto response, requester_->Send(context, request));
  if (response.status == 405) {  // a server without HEAD
    request.method = "GET";
    ASSIGN_OR_RETURN(response, requester_->Send(context, request));
  }
  const std::string_view length = response.Field("Content-Length");
  ObjectInfo object{.key = std::string(key),
                    .modified = ModifiedIn(response.Field("Last-Modified"))};
  const auto [end, failed] =
      std::from_chars(length.data(), length.data() + length.size(), object.size);
  if (failed != std::errc() || end != length.data() + length.size()) {
    return Unimplemented("{} does not tell the length of {}", ToString(), key);
  }
  return object;
}

Status HttpObjectStore::List(const Context& /*context*/, std::string_view /*prefix*/,
                             const Visit& /*visit*/) {
  return Unimplemented("{} cannot be listed: it is an http address", ToString());
}

Status HttpObjectStore::Delete(const Context& /*context*/, std::string_view key) {
  RETURN_IF_ERROR(CheckKey(key));
  return ReadOnly();
}

}  // namespace weir::objects
