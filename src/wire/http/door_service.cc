#include "wire/http/door_service.h"

#include <utility>

#include "api/problem.h"
#include "wire/http/event_push.h"
#include "wire/http/request_context.h"
#include "wire/http/response_head.h"
#include "wire/http/target.h"

namespace weir::http {
namespace {

constexpr std::string_view kNoRoute = "(none)";

api::Headers HeadersOf(const net::RequestHead& head) {
  api::Headers headers;
  for (const net::Field& field : head.fields) {
    headers.Add(field.name, std::string(field.value));
  }
  return headers;
}

api::Response ProblemOf(Error error, std::optional<int> status, const Context& context,
                        std::string_view instance) {
  return api::ToResponse({.error = std::move(error), .status = status}, context, instance);
}

}  // namespace

DoorService::DoorService(const HttpDoorOptions& options, Parts parts)
    : options_(options),
      handler_(parts.handler),
      ids_(SystemClock(), SystemRng()),
      log_(parts.log, parts.metrics) {}

bool DoorService::IsCheap(const net::RequestHead& head) const {
  const auto method = api::ParseMethod(head.method);
  return method && handler_.Cheap(*method, PathOf(head.target));
}

api::Response DoorService::Handle(net::HttpRequest& request, const Context& context) {
  const net::RequestHead& head = request.head;
  const auto method = api::ParseMethod(head.method);
  if (!method) {
    return ProblemOf(Unimplemented("the method {}", head.method), {}, context, PathOf(head.target));
  }
  Result<Target> target = ParseTarget(head.target);
  if (!target) return ProblemOf(target.error(), {}, context, PathOf(head.target));
  return handler_.Handle(context,
                         {.method = *method,
                          .path = std::move(target->path),
                          .query = std::move(target->query),
                          .headers = HeadersOf(head),
                          .body = std::move(request.body),
                          .door = request.peer.is_unix ? api::Door::kSocket : api::Door::kNetwork,
                          .peer = request.peer.address});
}

net::HttpResponse DoorService::Encode(api::Response response, const Context& context,
                                      const net::Peer& peer) {
  net::HttpResponse encoded{.status = response.status};
  if (auto* events = std::get_if<std::unique_ptr<api::EventSource>>(&response.body)) {
    response.headers.Set("Content-Type", "text/event-stream");
    response.headers.Set("Cache-Control", "no-store");
    encoded.body = PushOf(std::move(*events));
  } else if (auto* source = std::get_if<std::unique_ptr<ByteSource>>(&response.body)) {
    encoded.body = std::move(*source);
  } else {
    encoded.body = std::move(std::get<std::string>(response.body));
  }
  encoded.fields = RenderFields(response.headers, context.request_id(), peer);
  return encoded;
}

net::HttpResponse DoorService::Answer(net::HttpRequest request) {
  const SteadyTime started = std::chrono::steady_clock::now();
  const Result<Context> context = ContextOf(request, ids_, options_);
  if (!context) return Refuse({400, context.error()}, request.peer);
  const LogScope scope(*context);
  api::Response response = Handle(request, *context);
  const bool is_quiet = response.status < 400 && IsCheap(request.head);
  auto observer = log_.Observe(
      {.context = *context,
       .started = started,
       .method = std::string(request.head.method),
       .route = response.route.empty() ? std::string(kNoRoute) : std::move(response.route),
       .peer = request.peer.address,
       .level = is_quiet ? LogLevel::kDebug : LogLevel::kInfo});
  net::HttpResponse encoded = Encode(std::move(response), *context, request.peer);
  encoded.observer = std::move(observer);
  return encoded;
}

net::HttpResponse DoorService::Refuse(const net::Refusal& refusal, const net::Peer& peer) {
  const SteadyTime started = std::chrono::steady_clock::now();
  const Context context = ContextOfRefusal(ids_);
  api::Response response = ProblemOf(refusal.error, refusal.status, context, "/");
  if (refusal.status == 503) response.headers.Set("Retry-After", "1");
  net::HttpResponse encoded = Encode(std::move(response), context, peer);
  encoded.observer = log_.Observe({.context = context,
                                   .started = started,
                                   .method = "(refused)",
                                   .route = std::string(kNoRoute),
                                   .peer = peer.address});
  return encoded;
}

}  // namespace weir::http
