#include "cli/problem_error.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/error_map.h"
#include "cli/text_width.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

std::string TextIn(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value != nullptr && value->is_string() ? Printable(value->get_string().c_str())
                                                : std::string();
}

std::string PlaceOf(const json::object& detail) {
  std::string place = TextIn(detail, "source");
  for (const std::string_view name : {"line", "column"}) {
    const json::value* const number = detail.if_contains(name);
    if (number == nullptr || !number->is_int64()) break;
    place += fmt::format("{}{}", place.empty() ? "line " : ":", number->get_int64());
  }
  if (place.empty()) place = TextIn(detail, "path");
  return place;
}

std::string DetailLine(const json::object& detail) {
  const std::string place = PlaceOf(detail);
  const std::string hint = TextIn(detail, "hint");
  std::string line = "\n  " + place + (place.empty() ? "" : ": ") + TextIn(detail, "message");
  if (!hint.empty()) line += "\n    hint: " + hint;
  return line;
}

}  // namespace

Error ProblemError(int status, std::string_view body, std::string_view server) {
  boost::system::error_code failed;
  const json::value value = json::parse(body, failed);
  if (failed || !value.is_object() || !value.get_object().contains("code")) {
    return Error{CodeOfHttpStatus(status),
                 fmt::format("{} answered with status {}", server, status)};
  }
  const json::object& problem = value.get_object();
  Error error{CodeOfName(TextIn(problem, "code")), TextIn(problem, "detail"),
              TextIn(problem, "hint")};
  if (const json::value* const errors = problem.if_contains("errors");
      errors != nullptr && errors->is_array()) {
    for (const json::value& detail : errors->get_array()) {
      if (detail.is_object()) error.message += DetailLine(detail.get_object());
    }
  }
  const std::string request_id = TextIn(problem, "requestId");
  if (!request_id.empty()) error.message += "\n  request: " + request_id;
  return error;
}

}  // namespace weir::cli
