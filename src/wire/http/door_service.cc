#include "wire/http/door_service.h"

#include <utility>

#include "api/problem.h"
#include "wire/http/event_push.h"
#include "wire/http/packing.h"
#include "wire/http/request_context.h"
#include "wire/http/request_decoder.h"
#include "wire/http/response_head.h"
#include "wire/http/static_files.h"
#include "wire/http/target.h"

namespace weir::http {
namespace {

constexpr std::string_view kNoRoute = "(none)";

// A label must not be what a stranger makes up.
std::string_view KnownMethod(std::string_view name) {
  return api::ParseMethod(name) ? name : "(other)";
}

}  // namespace

DoorService::DoorService(const HttpDoorOptions& options, Parts parts)
    : options_(options),
      handler_(parts.handler),
      ids_(SystemClock(), SystemRng()),
      log_(parts.log, parts.metrics),
      open_connections_(
          parts.metrics.AddGauge("weir_http_connections", "HTTP connections open now.")),
      connections_(parts.metrics.AddCounters({.name = "weir_http_connections_total",
                                              .help = "HTTP connections, by what became of them.",
                                              .labels = {"outcome"}})) {}

void DoorService::OnConnection(net::ConnectionEvent event) {
  switch (event) {
    case net::ConnectionEvent::kOpened:
      open_connections_.Add(1);
      connections_.With({"accepted"}).Add();
      break;
    case net::ConnectionEvent::kClosed:
      open_connections_.Add(-1);
      break;
    case net::ConnectionEvent::kRefused:
      connections_.With({"refused"}).Add();
      break;
  }
}

bool DoorService::IsCheap(const net::RequestHead& head) const {
  const std::string_view path = PathOf(head.target);
  if (options_.static_files != nullptr && options_.static_files->Holds(path)) return true;
  const auto method = api::ParseMethod(head.method);
  return method && handler_.Cheap(*method, path);
}

api::Response DoorService::Handle(net::HttpRequest& request, const Context& context,
                                  bool is_cheap) {
  auto decoded = Decode(request, options_);
  if (const auto* problem = std::get_if<api::Problem>(&decoded)) {
    return api::ToResponse(*problem, context, PathOf(request.head.target));
  }
  auto& asked = std::get<api::Request>(decoded);
  const Packing packing(asked);
  std::optional<api::Response> response;
  if (options_.static_files != nullptr) response = options_.static_files->Answer(asked);
  if (!response) response = handler_.Handle(context, std::move(asked));
  packing.Apply(*response, options_.compress_from_bytes, !is_cheap);
  return std::move(*response);
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
  const bool is_cheap = IsCheap(request.head);
  api::Response response = Handle(request, *context, is_cheap);
  const bool is_quiet = is_cheap && response.status < 400;
  auto observer = log_.Observe(
      {.context = *context,
       .started = started,
       .method = std::string(KnownMethod(request.head.method)),
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
  api::Response response =
      api::ToResponse({.error = refusal.error, .status = refusal.status}, context, "/");
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
