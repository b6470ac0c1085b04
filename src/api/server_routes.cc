#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "api/routes.h"
#include "api/server_facts.h"
#include "api/services.h"
#include "base/metrics.h"

namespace weir::api {
namespace {

namespace json = boost::json;

std::string_view NameOf(Phase phase) {
  switch (phase) {
    case Phase::kStarting:
      return "starting";
    case Phase::kReady:
      return "ready";
    case Phase::kDraining:
      return "draining";
  }
  return "starting";
}

Outcome GetStatus(const Services& services, const Call& /*call*/) {
  const ServerStatus facts = services.server.Facts();
  json::array doors;
  for (const DoorAddress& door : facts.doors) {
    doors.push_back(json::object{{"name", door.name}, {"address", door.address}});
  }
  return JsonResponse(json::object{
      {"version", facts.version},
      {"phase", NameOf(services.server.phase())},
      {"home", facts.home},
      {"homeFormat", facts.home_format},
      {"store", facts.store},
      {"revision", facts.revision},
      {"pid", facts.pid},
      {"startedAt", FormatTimestamp(facts.started)},
      {"uptimeSeconds", facts.uptime_seconds},
      {"doors", std::move(doors)},
  });
}

Outcome GetConfig(const Services& services, const Call& /*call*/) {
  json::array options;
  for (const ConfigEntry& entry : services.server.Config()) {
    options.push_back(json::object{{"name", entry.name},
                                   {"value", entry.value},
                                   {"origin", entry.origin},
                                   {"description", entry.description}});
  }
  return JsonResponse(json::object{{"options", std::move(options)}});
}

int Rank(const Finding& finding) {
  if (finding.severity == "error") return 0;
  return finding.severity == "warning" ? 1 : 2;
}

Outcome GetDiagnosis(const Services& services, const Call& call) {
  auto found = services.server.Diagnose(call.context);
  if (!found) return std::move(found).error();
  std::stable_sort(found->begin(), found->end(),
                   [](const Finding& a, const Finding& b) { return Rank(a) < Rank(b); });
  json::array findings;
  for (const Finding& finding : *found) {
    json::object value{
        {"check", finding.check}, {"severity", finding.severity}, {"message", finding.message}};
    if (!finding.fix.empty()) value["fix"] = finding.fix;
    findings.push_back(std::move(value));
  }
  return JsonResponse(json::object{{"findings", std::move(findings)}});
}

Outcome PostStop(const Services& services, const Call& /*call*/) {
  if (const auto stopping = services.server.RequestStop(); !stopping) return stopping.error();
  Response response = JsonResponse(json::object{{"stopping", true}});
  response.status = 202;
  return response;
}

Outcome GetLogLevel(const Services& services, const Call& /*call*/) {
  return JsonResponse(json::object{{"level", NameOf(services.server.log_level())}});
}

Outcome PutLogLevel(const Services& services, const Call& call) {
  auto level = ParseLogLevel(*TextIn(call.body, "level"));
  if (!level) return std::move(level).error();
  services.server.SetLogLevel(*level);
  return GetLogLevel(services, call);
}

Outcome GetMetrics(const Services& services, const Call& /*call*/) {
  return Response{.headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
                  .body = services.metrics.Expose()};
}

Answer Json(std::string_view shape, std::string description) {
  return {.description = std::move(description), .schema = schema::Ref(shape)};
}

}  // namespace

std::vector<Route> ServerRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/status",
       .action = "server:status",
       .tag = "Server",
       .summary = "What this server is and since when it runs.",
       .answers = {Json("ServerStatus", "Its facts.")},
       .handler = GetStatus},
      {.method = Method::kGet,
       .path = "/api/config",
       .action = "server:config",
       .tag = "Server",
       .summary = "Every option as it stands, and where its value comes from.",
       .answers = {Json("ConfigView", "The options.")},
       .handler = GetConfig},
      {.method = Method::kGet,
       .path = "/api/doctor",
       .action = "server:doctor",
       .tag = "Server",
       .summary = "Looks the home over, and says what to do about what it finds.",
       .answers = {Json("Diagnosis", "What was looked at.")},
       .handler = GetDiagnosis},
      {.method = Method::kPost,
       .path = "/api/stop",
       .action = "server:stop",
       .tag = "Server",
       .summary = "Stops the server once the requests it is at are done.",
       .answers = {{.status = 202,
                    .description = "The drain has begun.",
                    .schema = schema::Ref("Stopping")}},
       .problems = {400},
       .handler = PostStop},
      {.method = Method::kGet,
       .path = "/api/log-level",
       .action = "server:log-level-read",
       .tag = "Server",
       .summary = "How much the server logs.",
       .answers = {Json("LogLevel", "The level.")},
       .handler = GetLogLevel},
      {.method = Method::kPut,
       .path = "/api/log-level",
       .action = "server:log-level",
       .tag = "Server",
       .summary = "Changes how much the server logs, until it stops.",
       .body = RequestBody{.schema = schema::Ref("LogLevel"), .description = "The level wanted."},
       .answers = {Json("LogLevel", "The level that now holds.")},
       .handler = PutLogLevel},
      {.method = Method::kGet,
       .path = "/metrics",
       .action = "server:metrics",
       .tag = "Server",
       .summary = "Counts and durations for Prometheus.",
       .answers = {{.description = "Text exposition format 0.0.4.",
                    .content_types = {"text/plain"}}},
       .handler = GetMetrics},
  };
}

}  // namespace weir::api
