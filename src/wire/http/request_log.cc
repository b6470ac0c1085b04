#include "wire/http/request_log.h"

#include <cmath>
#include <utility>

namespace weir::http {

class RequestLog::Observer final : public net::SentObserver {
 public:
  Observer(RequestLog& log, Request request) : log_(log), request_(std::move(request)) {}

  void Sent(int status, std::uint64_t body_bytes, bool whole) override {
    log_.Write(request_, status, body_bytes, whole);
  }

 private:
  RequestLog& log_;
  const Request request_;
};

RequestLog::RequestLog(Logger& log, MetricRegistry& metrics)
    : log_(log),
      requests_(metrics.AddCounters({.name = "weir_http_requests_total",
                                     .help = "Requests answered, by route and status.",
                                     .labels = {"method", "route", "status"}})),
      seconds_(metrics.AddHistograms({.name = "weir_http_request_seconds",
                                      .help = "From the whole request to the last byte sent.",
                                      .labels = {"route"}},
                                     LatencyBounds())) {}

std::unique_ptr<net::SentObserver> RequestLog::Observe(Request request) {
  return std::make_unique<Observer>(*this, std::move(request));
}

void RequestLog::Write(const Request& request, int status, std::uint64_t body_bytes, bool whole) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - request.started;
  requests_.With({request.method, request.route, std::to_string(status)}).Add();
  seconds_.With({request.route}).Observe(took.count());
  const LogLevel level = status >= 500 ? LogLevel::kWarn : request.level;
  log_.Log(level, &request.context, "http_request",
           {{"method", request.method},
            {"route", request.route},
            {"status", status},
            {"bytes", body_bytes},
            {"ms", std::round(took.count() * 1e6) / 1e3},
            {"whole", whole},
            {"peer", request.peer}});
}

}  // namespace weir::http
