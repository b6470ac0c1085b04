#include "api/problem.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "api/utf8.h"
#include "base/error_map.h"

namespace weir::api {
namespace {

// The words of the statuses that no code has as its own.
std::string_view TitleOf(const Problem& problem) {
  switch (StatusOf(problem)) {
    case 405:
      return "Method not allowed";
    case 412:
      return "Precondition failed";
    case 413:
      return "Body too large";
    case 415:
      return "Unsupported content type";
    case 422:
      return "Cannot be processed";
    default:
      return FaceOf(problem.error.code).title;
  }
}

}  // namespace

boost::json::object ToJson(const ProblemDetail& detail) {
  boost::json::object json;
  if (!detail.source.empty()) json["source"] = detail.source;
  if (detail.line > 0) json["line"] = detail.line;
  if (detail.column > 0) json["column"] = detail.column;
  if (!detail.path.empty()) json["path"] = detail.path;
  json["message"] = OnlyUtf8(detail.message);
  if (!detail.hint.empty()) json["hint"] = OnlyUtf8(detail.hint);
  return json;
}

int StatusOf(const Problem& problem) {
  return problem.status.value_or(FaceOf(problem.error.code).http_status);
}

Response ToResponse(const Problem& problem, const Context& context, std::string_view instance) {
  const std::string_view code = NameOf(problem.error.code);
  boost::json::object json{
      {"type", std::string("urn:weir:problem:").append(code)},
      {"title", TitleOf(problem)},
      {"status", StatusOf(problem)},
      {"detail", OnlyUtf8(problem.error.message)},  // it may quote the bytes of a file
      {"instance", instance},
      {"code", code},
  };
  if (!problem.error.hint.empty()) json["hint"] = OnlyUtf8(problem.error.hint);
  if (!context.request_id().empty()) json["requestId"] = context.request_id();
  if (!problem.errors.empty()) {
    boost::json::array& errors = json["errors"].emplace_array();
    for (const ProblemDetail& detail : problem.errors) errors.push_back(ToJson(detail));
  }
  Response response{.status = StatusOf(problem), .headers = problem.headers};
  response.headers.Set("Content-Type", "application/problem+json");
  response.headers.Set("Cache-Control", "no-store");
  response.body = boost::json::serialize(json);
  return response;
}

}  // namespace weir::api
