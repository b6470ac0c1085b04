#include <boost/json/serialize.hpp>

#include "api/components.h"
#include "api/etag.h"
#include "api/home_page.h"
#include "api/openapi.h"
#include "api/reference_page.h"
#include "api/route_table.h"
#include "api/routes.h"
#include "api/server_facts.h"
#include "api/services.h"

namespace weir::api {
namespace {

Response Plain(std::string text) {
  return {.headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(text)};
}

Outcome GetHealth(const Services& /*services*/, const Call& /*call*/) { return Plain("ok\n"); }

Outcome GetReadiness(const Services& services, const Call& /*call*/) {
  switch (services.server.phase()) {
    case Phase::kStarting:
      return Unavailable("the server is starting");
    case Phase::kDraining:
      return Unavailable("the server is stopping");
    case Phase::kReady:
      break;
  }
  return Plain("ok\n");
}

Outcome GetHome(const Services& services, const Call& /*call*/) {
  return Response{.headers = {{"Content-Type", "text/html; charset=utf-8"}},
                  .body = HomePage(services.server.Facts())};
}

Outcome GetStyle(const Services& /*services*/, const Call& /*call*/) {
  Response response{.headers = {{"Content-Type", "text/css; charset=utf-8"}}, .body = HomeStyle()};
  response.headers.Set("ETag", EntityTagOf(std::get<std::string>(response.body)));
  return response;
}

Outcome GetReference(const Services& /*services*/, const Call& /*call*/) {
  return Response{.headers = {{"Content-Type", "text/markdown; charset=utf-8"}},
                  .body = ReferencePage(RouteTable(), Components())};
}

Outcome GetOpenApi(const Services& /*services*/, const Call& /*call*/) {
  Response response = JsonResponse(OpenApiDocument(RouteTable(), Components(), WEIR_VERSION));
  response.headers.Set("ETag", EntityTagOf(std::get<std::string>(response.body)));
  return response;
}

Route OpenApiRoute() {
  return {.method = Method::kGet,
          .path = "/api/openapi.json",
          .action = "page:openapi",
          .tag = "Pages",
          .summary = "This API as an OpenAPI 3.1 document.",
          .parameters = {{.in = Parameter::In::kHeader,
                          .name = "If-None-Match",
                          .schema = schema::Text({.min = 1, .max = 1024, .shape = &kEntityTags}),
                          .description = "Answers 304 when it is still this one."}},
          .answers = {{.description = "The document.", .schema = schema::AnyObject()},
                      {.status = 304, .description = "Unchanged.", .content_types = {}}},
          .handler = GetOpenApi};
}

}  // namespace

std::vector<Route> PageRoutes() {
  const Answer ok = {.description = "`ok`.", .content_types = {"text/plain"}};
  return {
      {.method = Method::kGet,
       .path = "/",
       .action = "page:home",
       .tag = "Pages",
       .summary = "The doors of this server, how to connect, and where to read on.",
       .answers = {{.description = "The page.", .content_types = {"text/html"}}},
       .handler = GetHome},
      {.method = Method::kGet,
       .path = "/home.css",
       .action = "page:style",
       .tag = "Pages",
       .summary = "The style sheet of the page at `/`.",
       .answers = {{.description = "CSS.", .content_types = {"text/css"}}},
       .handler = GetStyle},
      {.method = Method::kGet,
       .path = "/api/reference.md",
       .action = "page:reference",
       .tag = "Pages",
       .summary = "This page, in Markdown.",
       .answers = {{.description = "The page.", .content_types = {"text/markdown"}}},
       .handler = GetReference},
      {.method = Method::kGet,
       .path = "/healthz",
       .action = "page:health",
       .tag = "Pages",
       .summary = "Whether the process lives.",
       .answers = {ok},
       .access = Access::kAnonymous,
       .cheap = true,
       .handler = GetHealth},
      {.method = Method::kGet,
       .path = "/readyz",
       .action = "page:readiness",
       .tag = "Pages",
       .summary = "Whether it takes requests: 503 while it starts or drains.",
       .answers = {ok},
       .access = Access::kAnonymous,
       .cheap = true,
       .handler = GetReadiness},
      OpenApiRoute(),
  };
}

}  // namespace weir::api
