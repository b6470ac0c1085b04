#pragma once

#include <memory>
#include <string>

#include "base/context.h"
#include "base/log.h"
#include "base/metrics.h"
#include "net/http_service.h"

namespace weir::http {

/// What is written down of every request, once it has been answered: a line in the log, a count and
/// a time in the metrics. Thread-safe.
class RequestLog {
 public:
  RequestLog(Logger& log, MetricRegistry& metrics);

  struct Request {
    Context context;
    SteadyTime started;
    std::string method;
    std::string route;  ///< the template, never the path: labels must stay few
    std::string peer;
    LogLevel level = LogLevel::kInfo;
  };

  /// Hears how the answer to `request` ended. This outlives it.
  std::unique_ptr<net::SentObserver> Observe(Request request);

 private:
  class Observer;

  void Write(const Request& request, int status, std::uint64_t body_bytes, bool whole);

  Logger& log_;
  MetricFamily<Counter>& requests_;
  MetricFamily<Histogram>& seconds_;
};

}  // namespace weir::http
