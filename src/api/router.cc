#include "api/router.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <exception>
#include <optional>
#include <set>
#include <utility>

#include "api/authenticator.h"
#include "api/etag.h"
#include "api/parameter_reader.h"
#include "api/schema_check.h"
#include "api/utf8.h"
#include "base/json_reader.h"
#include "base/log.h"
#include "base/stream.h"

namespace weir::api {
namespace {

// HEAD is answered like GET; the door leaves the body out.
Method Served(Method method) { return method == Method::kHead ? Method::kGet : method; }

const Route* RouteFor(const RouteIndex::Match& match, Method method) {
  for (const Route* route : match.routes) {
    if (route->method == Served(method)) return route;
  }
  return nullptr;
}

bool IsAnonymous(const RouteIndex::Match& match) {
  return !match.routes.empty() &&
         std::all_of(match.routes.begin(), match.routes.end(),
                     [](const Route* route) { return route->access == Access::kAnonymous; });
}

std::string AllowOf(const RouteIndex::Match& match) {
  std::set<std::string_view> methods = {"OPTIONS"};
  for (const Route* route : match.routes) {
    methods.insert(NameOf(route->method));
    if (route->method == Method::kGet) methods.insert("HEAD");
  }
  return fmt::format("{}", fmt::join(methods, ", "));
}

Problem NotSignedIn(Error error, const Request& request) {
  Problem problem{.error = std::move(error)};
  problem.headers.Add("WWW-Authenticate", "Bearer realm=\"weir\"");
  // Only a browser that loads a page is asked for a password; a program would not know what to do.
  const std::string_view accept = request.headers.Get("Accept").value_or("");
  if (accept.find("text/html") != accept.npos || accept.find("text/css") != accept.npos) {
    problem.headers.Add("WWW-Authenticate", "Basic realm=\"weir\", charset=\"UTF-8\"");
  }
  return problem;
}

Problem ToProblem(std::string_view what, std::vector<Violation> violations) {
  Problem problem;
  const Violation& first = violations.front();
  problem.error =
      first.path.empty()
          ? Invalid("{} is not what this route takes: {}", what, first.message)
          : Invalid("{} is not what this route takes: `{}`: {}", what, first.path, first.message);
  problem.error.hint = first.hint;
  for (Violation& violation : violations) {
    problem.errors.push_back({.path = std::move(violation.path),
                              .message = std::move(violation.message),
                              .hint = std::move(violation.hint)});
  }
  return problem;
}

bool IsMediaType(std::string_view content_type, std::string_view wanted) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const std::size_t end = type.find_last_not_of(' ');
  return end + 1 == wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), type.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

Result<std::string> BodyOf(Request& request, std::size_t limit) {
  if (!request.body) return std::string();
  return ReadAll(*request.body, limit);
}

// The text of the body, or why there is none to be had.
std::optional<Problem> ReadBody(const Route& route, Request& request, std::string& text) {
  const std::size_t limit = route.body ? route.body->limit : 0;
  auto read = BodyOf(request, limit);
  if (!read && read.error().code == ErrorCode::kExhausted) {
    if (!route.body) {
      return Problem{.error = Invalid("{} {} takes no body", NameOf(route.method), route.path)};
    }
    return Problem{.error = Exhausted("the body is larger than {} bytes, which is what {} takes",
                                      limit, route.path),
                   .status = 413};
  }
  if (!read) return Problem{.error = read.error()};
  text = std::move(*read);
  return std::nullopt;
}

std::optional<Problem> CheckBody(const Route& route, const Request& request,
                                 const boost::json::object& components, const std::string& text,
                                 boost::json::object& body) {
  if (!route.body) return std::nullopt;
  if (text.empty()) return Problem{.error = Invalid("{} needs a body of JSON", route.path)};
  const auto type = request.headers.Get("Content-Type");
  if (!type || !IsMediaType(*type, "application/json")) {
    return Problem{.error = Invalid("{} takes application/json alone", route.path), .status = 415};
  }
  auto parsed = ParseJson(text);
  if (!parsed) return Problem{.error = Invalid("the body is {}", parsed.error().message)};
  auto violations = Check(*parsed, route.body->schema, components);
  if (!violations.empty()) return ToProblem("the body", std::move(violations));
  body = std::move(parsed->as_object());
  return std::nullopt;
}

std::optional<Problem> CheckFileType(const RequestBody& body, const Request& request) {
  if (!request.body) return Problem{.error = Invalid("the request needs a body: a file")};
  const auto given = request.headers.Get("Content-Type");
  if (!given) return std::nullopt;
  for (const std::string& type : body.file_types) {
    if (IsMediaType(*given, type)) return std::nullopt;
  }
  return Problem{
      .error = Invalid("{} is no type of file that is read here", *given)
                   .WithHint(fmt::format("there are {}", fmt::join(body.file_types, ", "))),
      .status = 415};
}

// What makes two requests the same one to an idempotency key.
std::string Identity(const Request& request, const std::string& body) {
  std::string identity = fmt::format("{} {}\n", NameOf(request.method), request.path);
  for (const auto& [name, value] : request.query) {
    identity += fmt::format("{}:{}{}:{}", name.size(), name, value.size(), value);
  }
  return identity + "\n" + body;
}

// Turns 200 into 304 when the client has this very representation.
void ApplyIfNoneMatch(const Request& request, Response& response) {
  const auto etag = response.headers.Get("ETag");
  const auto known = request.headers.Get("If-None-Match");
  if (!etag || !known || response.status != 200 || Served(request.method) != Method::kGet) return;
  if (!NamesEntityTag(*known, *etag)) return;
  response.status = 304;
  response.body = std::string();
  response.headers.Remove("Content-Type");
}

void Finish(const Request& request, Response& response) {
  ApplyIfNoneMatch(request, response);
  if (!response.headers.Get("Cache-Control")) {
    response.headers.Set("Cache-Control",
                         response.headers.Get("ETag") ? "private, no-cache" : "no-store");
  }
}

}  // namespace

Router::Router(std::vector<Route> routes, boost::json::object components, Services services)
    : routes_(std::move(routes)),
      index_(routes_),
      components_(std::move(components)),
      services_(std::move(services)),
      idempotency_(services_.store, services_.clock, services_.signing_key) {}

bool Router::Cheap(Method method, std::string_view path) const {
  const Route* route = RouteFor(index_.Find(path), method);
  return route != nullptr && route->cheap;
}

Response Router::Handle(const Context& context, Request request) {
  const RouteIndex::Match match = index_.Find(request.path);
  Response response = Answer(context, request, match);
  if (!match.routes.empty()) response.route = match.routes.front()->path;
  return response;
}

Response Router::Answer(const Context& context, Request& request,
                        const RouteIndex::Match& match) const {
  const auto problem = [&](const Problem& what) { return ToResponse(what, context, request.path); };
  Context known = context;
  if (!IsAnonymous(match)) {
    auto principal = services_.authenticator.Authenticate(request);
    if (!principal) return problem(NotSignedIn(std::move(principal).error(), request));
    known = context.WithPrincipal(*std::move(principal));
  }
  if (match.routes.empty()) {
    return problem({.error = NotFound("there is nothing at {}", request.path)
                                 .WithHint("/api/openapi.json lists what there is")});
  }
  if (request.method == Method::kOptions) {
    return {.status = 204, .headers = {{"Allow", AllowOf(match)}, {"Cache-Control", "no-store"}}};
  }
  const Route* route = RouteFor(match, request.method);
  if (route == nullptr) {
    return problem({.error = Invalid("{} is not done to {}", NameOf(request.method), request.path),
                    .status = 405,
                    .headers = {{"Allow", AllowOf(match)}}});
  }
  Outcome outcome = Serve(*route, known, request, match);
  if (!outcome.ok()) {
    // A probe that says "not yet" is no failure.
    if (StatusOf(outcome.problem()) >= 500 && route->access == Access::kCredential) {
      services_.log.Log(LogLevel::kError, &known, "request_failed", {{"action", route->action}},
                        &outcome.problem().error);
    }
    return problem(outcome.problem());
  }
  Finish(request, outcome.response());
  return std::move(outcome.response());
}

Outcome Router::Serve(const Route& route, const Context& context, Request& request,
                      const RouteIndex::Match& match) const {
  ReadParameters parameters = Read(route, request, match.captures);
  if (!parameters.violations.empty()) {
    return ToProblem("the request", std::move(parameters.violations));
  }
  Call call{.context = context, .request = request, .parameters = std::move(parameters.values)};
  if (route.body && route.body->is_file()) {
    if (auto problem = CheckFileType(*route.body, request)) return *std::move(problem);
    if (const auto working = context.Check(); !working) return working.error();
    return CallHandler(route, call);
  }
  std::string text;
  if (auto problem = ReadBody(route, request, text)) return *std::move(problem);
  if (auto problem = CheckBody(route, request, components_, text, call.body)) {
    return *std::move(problem);
  }
  if (const auto working = context.Check(); !working) return working.error();
  const auto key = call.Text("Idempotency-Key");
  if (!key) return CallHandler(route, call);
  return idempotency_.Run(context, *key, Identity(request, text),
                          [&] { return CallHandler(route, call); });
}

Outcome Router::CallHandler(const Route& route, const Call& call) const {
  // The last fence: whatever a library throws is a bug or no memory, and must not end the process.
  try {
    return route.handler(services_, call);
  } catch (const std::exception& thrown) {
    return Internal("{} failed: {}", route.action, thrown.what());
  }
}

}  // namespace weir::api
