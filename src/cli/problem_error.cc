#include "cli/problem_error.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <vector>

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

std::vector<const json::object*> DetailsOf(const json::object& problem) {
  std::vector<const json::object*> details;
  const json::value* const errors = problem.if_contains("errors");
  if (errors == nullptr || !errors->is_array()) return details;
  for (const json::value& detail : errors->get_array()) {
    if (detail.is_object()) details.push_back(&detail.get_object());
  }
  return details;
}

std::string DetailLine(const json::object& detail) {
  const std::string place = PlaceOf(detail);
  const std::string hint = TextIn(detail, "hint");
  std::string line = "\n  " + place + (place.empty() ? "" : ": ") + TextIn(detail, "message");
  if (!hint.empty()) line += "\n    hint: " + hint;
  return line;
}

// Puts a line for each thing that is wrong under the sentence. Where that sentence is only the
// first of them told beforehand, one alone needs no line, and several a sentence that counts them.
void TakeDetails(const std::vector<const json::object*>& details, Error& error) {
  if (details.empty()) return;
  const json::object& first = *details.front();
  const bool is_told = error.message.find(TextIn(first, "message")) != std::string::npos;
  if (is_told && details.size() == 1) return;
  if (is_told) error.message = fmt::format("{} things are wrong", details.size());
  if (error.hint == TextIn(first, "hint")) error.hint.clear();
  for (const json::object* const detail : details) error.message += DetailLine(*detail);
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
  TakeDetails(DetailsOf(problem), error);
  const std::string request_id = TextIn(problem, "requestId");
  if (!request_id.empty()) {
    (error.hint.empty() ? error.message : error.hint) += "\n  request: " + request_id;
  }
  return error;
}

}  // namespace weir::cli
