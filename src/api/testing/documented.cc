#include "api/testing/documented.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string_view>
#include <variant>

#include "api/components.h"
#include "api/schema_check.h"

namespace weir::api {
namespace {

using testing::AssertionFailure;
using testing::AssertionResult;
using testing::AssertionSuccess;

AssertionResult Matches(const Response& response, const schema::Schema& schema) {
  const auto* text = std::get_if<std::string>(&response.body);
  if (text == nullptr) return AssertionFailure() << "a stream where JSON is documented";
  boost::system::error_code failed;
  const boost::json::value json = boost::json::parse(*text, failed);
  if (failed) return AssertionFailure() << "not JSON: " << *text;
  const auto violations = Check(json, schema, Components());
  if (violations.empty()) return AssertionSuccess();
  return AssertionFailure() << violations[0].path << ": " << violations[0].message << " in "
                            << *text;
}

std::string_view MediaTypeOf(const Response& response) {
  const std::string_view type = response.headers.Get("Content-Type").value_or("");
  return type.substr(0, type.find(';'));
}

AssertionResult IsAnswer(const Answer& answer, const Response& response) {
  const std::string_view type = MediaTypeOf(response);
  if (answer.content_types.empty()) {
    const auto* text = std::get_if<std::string>(&response.body);
    if (text == nullptr || !text->empty()) return AssertionFailure() << "a body where none belongs";
    return AssertionSuccess();
  }
  const auto& types = answer.content_types;
  if (std::find(types.begin(), types.end(), type) == types.end()) {
    return AssertionFailure() << "undocumented content type " << type;
  }
  if (answer.schema && type == "application/json") return Matches(response, *answer.schema);
  return AssertionSuccess();
}

}  // namespace

AssertionResult IsDocumented(const std::vector<Route>& routes, Method method,
                             const std::string& path, const Response& response) {
  const auto route = std::find_if(routes.begin(), routes.end(), [&](const Route& candidate) {
    return candidate.method == method && candidate.path == path;
  });
  if (route == routes.end()) return AssertionFailure() << "no such route";
  for (const Answer& answer : route->answers) {
    if (answer.status == response.status) return IsAnswer(answer, response);
  }
  const std::vector<int> problems = ProblemStatuses(*route);
  if (!std::binary_search(problems.begin(), problems.end(), response.status)) {
    const auto* text = std::get_if<std::string>(&response.body);
    return AssertionFailure() << "undocumented status " << response.status << " of "
                              << NameOf(method) << " " << path << ": "
                              << (text == nullptr ? "" : *text);
  }
  if (MediaTypeOf(response) != "application/problem+json") {
    return AssertionFailure() << "a problem of type " << MediaTypeOf(response);
  }
  return Matches(response, schema::Ref("Problem"));
}

}  // namespace weir::api
