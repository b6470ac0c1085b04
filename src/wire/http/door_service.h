#pragma once

#include "api/handler.h"
#include "base/uuid.h"
#include "net/http_service.h"
#include "wire/http/http_door_options.h"
#include "wire/http/request_log.h"

namespace weir::http {

/// Stands between the HTTP server and the handler: a checked head becomes an api::Request, and an
/// api::Response becomes header lines and a body. Thread-safe.
class DoorService final : public net::HttpService {
 public:
  struct Parts {
    api::Handler& handler;
    Logger& log;
    MetricRegistry& metrics;
  };

  DoorService(const HttpDoorOptions& options, Parts parts);

  bool IsCheap(const net::RequestHead& head) const override;
  net::HttpResponse Answer(net::HttpRequest request) override;
  net::HttpResponse Refuse(const net::Refusal& refusal, const net::Peer& peer) override;
  void OnConnection(net::ConnectionEvent event) override;

 private:
  api::Response Handle(net::HttpRequest& request, const Context& context, bool is_cheap);
  net::HttpResponse Encode(api::Response response, const Context& context, const net::Peer& peer);

  const HttpDoorOptions& options_;
  api::Handler& handler_;
  UuidMaker ids_;
  RequestLog log_;
  Gauge& open_connections_;
  MetricFamily<Counter>& connections_;
};

}  // namespace weir::http
