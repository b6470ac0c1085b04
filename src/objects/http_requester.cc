#include "objects/http_requester.h"

#include <algorithm>
#include <condition_variable>
#include <string_view>

namespace weir::objects {
namespace {

constexpr int kMostRedirects = 5;
constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{5000};
constexpr std::size_t kMostIdle = 32;  // connections kept: as many as are read from side by side

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Where `location` leads from `url`: whole addresses, and paths of the same server.
Result<net::Url> Redirected(const net::Url& url, std::string_view location) {
  location = location.substr(0, location.find('#'));
  const bool is_whole = location.find("://") != std::string_view::npos;
  if (!is_whole && !location.starts_with('/')) {
    return Invalid("{} redirects to \"{}\", which is no address", url.ToString(), location);
  }
  net::Url target = url;
  if (is_whole || location.starts_with("//")) {
    const std::string scheme = url.endpoint.has_tls ? "https:" : "http:";
    ASSIGN_OR_RETURN(
        target, net::ParseUrl(is_whole ? std::string(location) : scheme + std::string(location)));
  } else {
    target.target = location;
  }
  if (target.endpoint.address.is_unix() || (url.endpoint.has_tls && !target.endpoint.has_tls)) {
    return Denied("{} redirects to {}, which is less safe", url.ToString(), target.ToString());
  }
  return target;
}

// What another server than the one that was meant may be sent: nothing that could be a credential.
net::HttpClient::Fields WithoutSecrets(const net::HttpClient::Fields& fields) {
  net::HttpClient::Fields safe;
  for (const auto& field : fields) {
    const std::string_view name = field.first;
    if (name == "Range" || name.starts_with("If-")) safe.push_back(field);
  }
  return safe;
}

// What an answer that is no success means. A server that is busy or broken may be asked again.
Status Judge(const net::Url& url, int status) {
  if (status < 300 || status == 304 || status == 416 || status == 405) return Ok();
  if (status == 404 || status == 410) return NotFound("there is nothing at {}", url.ToString());
  if (status == 401 || status == 403) {
    return Denied("{} is not for everybody (HTTP {})", url.ToString(), status);
  }
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    return Unavailable("{} answered HTTP {}", url.ToString(), status);
  }
  return Invalid("{} answered HTTP {}", url.ToString(), status);
}

bool MayBeTriedAgain(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadline;
}

}  // namespace

HttpRequester::HttpRequester(const ObjectStoreOptions& options) : options_(options) {}

Result<net::HttpClient*> HttpRequester::ClientFor(const net::Url& url) {
  const std::lock_guard lock(mutex_);
  auto& client = url.endpoint.has_tls ? tls_ : plain_;
  if (client != nullptr) return client.get();
  net::HttpClientOptions options{.connect_timeout = options_.connect_timeout,
                                 .stall_timeout = options_.stall_timeout,
                                 .max_idle = kMostIdle,
                                 .may_connect = options_.may_connect};
  if (url.endpoint.has_tls) {
    ASSIGN_OR_RETURN(options.tls, net::ClientTls::Open(options_.certificate_authorities));
  }
  client = std::make_unique<net::HttpClient>(std::move(options));
  return client.get();
}

Result<net::HttpClient::Response> HttpRequester::SendOnce(const Context& context,
                                                          const Request& request) {
  net::Url url = request.url;
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    ASSIGN_OR_RETURN(net::HttpClient* const client, ClientFor(url));
    const bool is_elsewhere = url.endpoint != request.url.endpoint;
    ASSIGN_OR_RETURN(auto response,
                     client->Send(context, {.method = request.method,
                                            .url = url,
                                            .fields = is_elsewhere ? WithoutSecrets(request.fields)
                                                                   : request.fields}));
    if (!IsRedirect(response.status)) {
      RETURN_IF_ERROR(Judge(url, response.status));
      return response;
    }
    ASSIGN_OR_RETURN(url, Redirected(url, response.Field("Location")));
  }
  return Invalid("{} redirects more than {} times", request.url.ToString(), kMostRedirects);
}

Result<net::HttpClient::Response> HttpRequester::Send(const Context& context,
                                                      const Request& request) {
  for (int attempted = 1;; ++attempted) {
    auto response = SendOnce(context, request);
    if (response || !MayBeTriedAgain(response.error())) return response;
    if (WaitToTryAgain(context, attempted)) continue;
    RETURN_IF_ERROR(context.Check());
    return Unavailable("{} ({} attempts)", response.error().message, attempted);
  }
}

bool HttpRequester::WaitToTryAgain(const Context& context, int attempted) const {
  if (attempted >= options_.max_attempts) return false;
  const auto pause = std::min(kLongestPause, kFirstPause * (1 << std::min(attempted - 1, 10)));
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, context.cancel_token(), context.Remaining(pause), [] { return false; });
  return context.Check().has_value();
}

}  // namespace weir::objects
