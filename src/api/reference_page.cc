#include "api/reference_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <string_view>

namespace weir::api {
namespace {

namespace json = boost::json;

constexpr std::string_view kHead = R"(# The HTTP API

This page is made from the route table (src/api/route_table.h); `weir docs api` prints it.
The same as a document for programs: `GET /api/openapi.json` (OpenAPI 3.1).

Every route but the anonymous ones needs `Authorization: Bearer TOKEN`; the token is in `run/token` of the home. On the home's own socket no token is needed. GET and HEAD also take the token as the password of HTTP Basic, so that a browser can ask for it.

- **Errors** are `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`, `instance`, and our `code`, `hint`, `requestId` and, when several things are wrong, `errors` with the place of each.
- **Unknown** query parameters and keys of a body are refused, as are values of another type.
- **Pages**: a list answers with `nextCursor` while there is more; send it back as `cursor`, with the same filters.
- **Versions**: a resource has an `ETag`; `If-None-Match` saves the body (304), `If-Match` makes a change stand only on the version that was read (412).
- **Repeating a POST**: with an `Idempotency-Key` of your own making, the same request sent again within 24 hours gets the first answer instead of a second effect.
- **Watching**: `watch=true` answers with server-sent events: `applied` with the resource, `deleted` with its `type`, `name` and `workspace`, `bookmark` with a `revision` to go on from, and `too-old` when the list must be read again, after which the stream ends. `Last-Event-ID` goes on where a connection broke; the changes of a commit that was broken off in the middle then come again.
)";

// The type of a schema in a few words, with links to the shapes it names.
std::string Words(const json::object& schema) {
  if (const auto* ref = schema.if_contains("$ref")) {
    const std::string_view target = ref->as_string();
    const std::string_view name = target.substr(target.rfind('/') + 1);
    std::string anchor(name);
    std::transform(anchor.begin(), anchor.end(), anchor.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return fmt::format("[{}](#{})", name, anchor);
  }
  if (const auto* values = schema.if_contains("enum")) {
    std::vector<std::string> words;
    for (const json::value& value : values->as_array()) {
      words.push_back(fmt::format("`{}`", std::string_view(value.as_string())));
    }
    return fmt::format("{}", fmt::join(words, ", "));
  }
  const auto* type = schema.if_contains("type");
  if (type == nullptr) return "any JSON";
  if (*type == "array") return "list of " + Words(schema.at("items").as_object());
  if (*type == "string") return schema.contains("format") ? "time" : "text";
  return std::string(std::string_view(type->as_string()));
}

std::string Limits(const json::object& schema) {
  std::string limits;
  const auto add = [&](std::string_view keyword, std::string_view words) {
    if (const auto* value = schema.if_contains(keyword)) {
      limits += fmt::format("{}{} {}", limits.empty() ? "" : ", ", words, json::serialize(*value));
    }
  };
  if (const auto* type = schema.if_contains("type"); type != nullptr && *type == "integer") {
    if (schema.at("minimum").to_number<std::int64_t>() != 0) add("minimum", "from");
    if (schema.at("maximum").to_number<std::int64_t>() < (std::int64_t{1} << 53)) {
      add("maximum", "up to");
    }
  }
  add("maxLength", "at most");
  add("maxItems", "at most");
  add("default", "default");
  return limits;
}

std::string Row(std::string_view name, std::string_view where, const json::object& schema,
                std::string_view description) {
  const std::string limits = Limits(schema);
  return fmt::format("| `{}` | {} | {}{} | {} |\n", name, where, Words(schema),
                     limits.empty() ? "" : "; " + limits, description);
}

std::string_view WhereOf(const Parameter& parameter) {
  switch (parameter.in) {
    case Parameter::In::kPath:
      return "path";
    case Parameter::In::kQuery:
      return "query";
    case Parameter::In::kHeader:
      return "header";
  }
  return "";
}

std::string AnswerLine(const Answer& answer) {
  std::string line = fmt::format("- {}", answer.status);
  if (!answer.content_types.empty()) {
    line += fmt::format(" `{}`", fmt::join(answer.content_types, "` or `"));
  }
  if (answer.schema) line += " " + Words(*answer.schema);
  line += ": " + answer.description;
  for (const Parameter& header : answer.headers) {
    line += fmt::format(" Header `{}`: {}", header.name, header.description);
  }
  return line + "\n";
}

std::string Size(std::size_t bytes) {
  return bytes < (1U << 20) ? fmt::format("{} KiB", bytes >> 10)
                            : fmt::format("{} MiB", bytes >> 20);
}

// What each status of a problem means, of those that any route may answer with.
std::string Meanings(const std::vector<Route>& routes) {
  std::set<int> statuses;
  for (const Route& route : routes) {
    for (const int status : ProblemStatuses(route)) statuses.insert(status);
  }
  std::string rows = "\n| status | meaning |\n| --- | --- |\n";
  for (const int status : statuses) {
    rows += fmt::format("| {} | {} |\n", status, ProblemMeaning(status));
  }
  return rows;
}

std::string Section(const Route& route) {
  std::string text =
      fmt::format("### {} {}\n\n{}\n", NameOf(route.method), route.path, route.summary);
  if (!route.description.empty()) text += "\n" + route.description + "\n";
  text += fmt::format("\nAction `{}`{}.\n", route.action,
                      route.access == Access::kAnonymous ? ", anonymous" : "");
  if (!route.parameters.empty()) {
    text += "\n| parameter | in | type | what |\n| --- | --- | --- | --- |\n";
    for (const Parameter& parameter : route.parameters) {
      text += Row(parameter.name, WhereOf(parameter), parameter.schema, parameter.description);
    }
  }
  if (route.body && route.body->is_file()) {
    text += fmt::format("\nBody: {} ({}).\n", route.body->description,
                        fmt::join(route.body->file_types, ", "));
  } else if (route.body) {
    text += fmt::format("\nBody, at most {}: {}. {}\n", Size(route.body->limit),
                        Words(route.body->schema), route.body->description);
  }
  text += "\n";
  for (const Answer& answer : route.answers) text += AnswerLine(answer);
  return text + fmt::format("- problems: {}\n\n", fmt::join(ProblemStatuses(route), ", "));
}

std::string Shape(std::string_view name, const json::object& schema) {
  std::string text = fmt::format("### {}\n\n", name);
  if (const auto* description = schema.if_contains("description")) {
    text += fmt::format("{}\n\n", std::string_view(description->as_string()));
  }
  const auto* properties = schema.if_contains("properties");
  if (properties == nullptr) return text;
  const auto* required = schema.if_contains("required");
  text += "| key | | type | what |\n| --- | --- | --- | --- |\n";
  for (const auto& [key, value] : properties->as_object()) {
    const json::object& field = value.as_object();
    const bool always =
        required != nullptr && std::find(required->as_array().begin(), required->as_array().end(),
                                         json::value(key)) != required->as_array().end();
    const auto* description = field.if_contains("description");
    text += Row(key, always ? "always" : "optional", field,
                description == nullptr ? "" : std::string_view(description->as_string()));
  }
  return text + "\n";
}

}  // namespace

std::string ReferencePage(const std::vector<Route>& routes, const json::object& components) {
  std::string page = std::string(kHead) + Meanings(routes);
  std::string chapter;
  for (const Route& route : routes) {
    if (route.tag != chapter) {
      chapter = route.tag;
      page += fmt::format("\n## {}\n\n", chapter);
    }
    page += Section(route);
  }
  page += "\n## Shapes\n\n";
  for (const auto& [name, schema] : components) page += Shape(name, schema.as_object());
  while (page.ends_with("\n\n")) page.pop_back();
  return page;
}

}  // namespace weir::api
