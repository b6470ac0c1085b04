#include "net/http_client.h"

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

#include "base/guarded_by.h"
#include "net/chunked.h"
#include "net/client_connection.h"
#include "net/client_exchange.h"
#include "net/http_fields.h"
#include "net/response_body.h"

namespace weir::net {

// Connections that wait for their next request, the latest used last.
struct HttpClient::Shared : ConnectionReturn, std::enable_shared_from_this<Shared> {
  struct Idle {
    Endpoint endpoint;
    std::unique_ptr<ClientConnection> connection;
    SteadyTime until;
  };

  explicit Shared(HttpClientOptions given) : options(std::move(given)) {}

  std::unique_ptr<ClientConnection> Take(const Endpoint& endpoint);
  void GiveBack(const Endpoint& endpoint, std::unique_ptr<ClientConnection> connection) override;
  Result<Response> SendOn(std::unique_ptr<ClientConnection> connection, const Context& context,
                          Request& request);

  const HttpClientOptions options;
  std::mutex mutex;
  std::deque<Idle> idle WEIR_GUARDED_BY(mutex);
};

std::unique_ptr<ClientConnection> HttpClient::Shared::Take(const Endpoint& endpoint) {
  const std::lock_guard lock(mutex);
  const SteadyTime now = std::chrono::steady_clock::now();
  std::erase_if(idle, [&](const Idle& each) { return each.until <= now; });
  for (auto each = idle.rbegin(); each != idle.rend(); ++each) {
    if (each->endpoint != endpoint) continue;
    auto connection = std::move(each->connection);
    idle.erase(std::next(each).base());
    if (connection->IsReusable()) return connection;
    return nullptr;
  }
  return nullptr;
}

void HttpClient::Shared::GiveBack(const Endpoint& endpoint,
                                  std::unique_ptr<ClientConnection> connection) {
  const std::lock_guard lock(mutex);
  idle.push_back(
      {endpoint, std::move(connection), std::chrono::steady_clock::now() + options.keep_idle});
  if (idle.size() > options.max_idle) idle.pop_front();
}

Result<HttpClient::Response> HttpClient::Shared::SendOn(
    std::unique_ptr<ClientConnection> connection, const Context& context, Request& request) {
  ASSIGN_OR_RETURN(ReceivedHead head, Exchange(*connection, context, request, options));
  Response response{.status = head.status, .fields = std::move(head.fields)};
  response.body = BodyOf({.connection = std::move(connection),
                          .context = context,
                          .endpoint = request.url.endpoint,
                          .length = head.length,
                          .keep_alive = head.keep_alive,
                          .home = shared_from_this()});
  return response;
}

std::string_view HttpClient::Response::Field(std::string_view name) const {
  for (const auto& [field, value] : fields) {
    if (EqualsIgnoringCase(field, name)) return value;
  }
  return {};
}

HttpClient::HttpClient(HttpClientOptions options)
    : shared_(std::make_shared<Shared>(std::move(options))) {}
HttpClient::~HttpClient() = default;

Result<HttpClient::Response> HttpClient::Send(const Context& context, Request request) {
  RETURN_IF_ERROR(CheckRequest(request));
  if (auto connection = shared_->Take(request.url.endpoint)) {
    Result<Response> response = shared_->SendOn(std::move(connection), context, request);
    const bool may_repeat = request.body == nullptr && IsIdempotent(request.method) && !response &&
                            response.error().code == ErrorCode::kUnavailable;
    if (!may_repeat) return response;
  }
  auto connection = std::make_unique<ClientConnection>(shared_->options.stall_timeout);
  RETURN_IF_ERROR(connection->Connect(context, request.url.endpoint, shared_->options));
  return shared_->SendOn(std::move(connection), context, request);
}

}  // namespace weir::net
