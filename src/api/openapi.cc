#include "api/openapi.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string>

namespace weir::api {
namespace {

namespace json = boost::json;

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower;
}

std::string_view NameOf(Parameter::In in) {
  switch (in) {
    case Parameter::In::kPath:
      return "path";
    case Parameter::In::kQuery:
      return "query";
    case Parameter::In::kHeader:
      return "header";
  }
  return "query";
}

json::object ToJson(const Parameter& parameter) {
  json::object value{{"name", parameter.name},
                     {"in", NameOf(parameter.in)},
                     {"description", parameter.description},
                     {"schema", parameter.schema}};
  if (parameter.required || parameter.in == Parameter::In::kPath) value["required"] = true;
  return value;
}

json::object ToJson(const RequestBody& body) {
  if (body.is_file()) {
    json::object content;
    for (const std::string& type : body.file_types) content[type] = json::object();
    return {{"required", true}, {"description", body.description}, {"content", content}};
  }
  return {{"required", true},
          {"description", body.description},
          {"content", {{"application/json", {{"schema", body.schema}}}}}};
}

json::object ToJson(const Answer& answer) {
  json::object value{{"description", answer.description}};
  for (const Parameter& header : answer.headers) {
    value["headers"].is_object() || (value["headers"].emplace_object(), true);
    value["headers"].as_object()[header.name] = {{"description", header.description},
                                                 {"schema", header.schema}};
  }
  if (answer.content_types.empty()) return value;
  json::object& content = value["content"].emplace_object();
  for (const std::string& type : answer.content_types) {
    const bool is_json = type == "application/json" && answer.schema;
    content[type] = {{"schema", is_json ? *answer.schema : json::object{{"type", "string"}}}};
  }
  return value;
}

json::object ProblemRef(int status) {
  return {{"$ref", "#/components/responses/Problem" + std::to_string(status)}};
}

// resource:log-level-read as resourceLogLevelRead: what generated clients call their methods.
std::string OperationId(const Route& route) {
  std::string id;
  bool upper = false;
  for (const char c : route.operation.empty() ? route.action : route.operation) {
    if (c == ':' || c == '-') {
      upper = true;
    } else {
      id += upper ? static_cast<char>(c - 32) : c;
      upper = false;
    }
  }
  return id;
}

json::object ToJson(const Route& route) {
  json::object value{{"operationId", OperationId(route)},
                     {"x-weir-action", route.action},
                     {"tags", json::array{route.tag}},
                     {"summary", route.summary}};
  if (!route.description.empty()) value["description"] = route.description;
  if (route.access == Access::kAnonymous) value["security"].emplace_array();
  if (!route.parameters.empty()) {
    json::array& parameters = value["parameters"].emplace_array();
    for (const Parameter& parameter : route.parameters) parameters.push_back(ToJson(parameter));
  }
  if (route.body) value["requestBody"] = ToJson(*route.body);
  json::object& responses = value["responses"].emplace_object();
  for (const Answer& answer : route.answers) {
    responses[std::to_string(answer.status)] = ToJson(answer);
  }
  for (const int status : ProblemStatuses(route)) {
    responses.emplace(std::to_string(status), ProblemRef(status));
  }
  return value;
}

json::object ProblemResponse(int status) {
  json::object value{
      {"description", ProblemMeaning(status)},
      {"content", {{"application/problem+json", {{"schema", schema::Ref("Problem")}}}}},
  };
  if (status == 401) {
    value["headers"] = {{"WWW-Authenticate",
                         {{"description", "How to sign in."}, {"schema", {{"type", "string"}}}}}};
  }
  return value;
}

json::object ProblemResponses(const std::vector<Route>& routes) {
  json::object responses;
  for (const Route& route : routes) {
    for (const int status : ProblemStatuses(route)) {
      responses.emplace("Problem" + std::to_string(status), ProblemResponse(status));
    }
  }
  return responses;
}

json::array Tags(const std::vector<Route>& routes) {
  json::array tags;
  for (const Route& route : routes) {
    const json::object tag{{"name", route.tag}};
    if (std::find(tags.begin(), tags.end(), json::value(tag)) == tags.end()) tags.push_back(tag);
  }
  return tags;
}

}  // namespace

json::object OpenApiDocument(const std::vector<Route>& routes, const json::object& components,
                             std::string_view version) {
  json::object paths;
  for (const Route& route : routes) {
    json::value& path = paths[route.path];
    if (!path.is_object()) path.emplace_object();
    path.get_object()[Lower(weir::api::NameOf(route.method))] = ToJson(route);
  }
  return {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Weir"},
        {"version", version},
        {"summary", "Resources, their history and the server's own facts."},
        {"license", {{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
      {"tags", Tags(routes)},
      {"security", json::array{json::object{{"token", json::array{}}}}},
      {"paths", std::move(paths)},
      {"components",
       {{"securitySchemes",
         {{"token",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"description", "The token in run/token of the home."}}}}},
        {"schemas", components},
        {"responses", ProblemResponses(routes)}}},
  };
}

}  // namespace weir::api
