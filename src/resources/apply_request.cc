#include "resources/apply_request.h"

#include <boost/json/array.hpp>
#include <filesystem>

namespace weir::resources {

namespace json = boost::json;

std::string_view NameOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCreated:
      return "created";
    case Outcome::kConfigured:
      return "configured";
    case Outcome::kUnchanged:
      return "unchanged";
    case Outcome::kDeleted:
      return "deleted";
  }
  return "?";
}

json::object ToJson(const Change& change) {
  json::object object;
  object["type"] = change.id.type;
  object["name"] = change.id.name;
  if (!change.id.workspace.empty()) object["workspace"] = change.id.workspace;
  object["version"] = change.api_version;
  object["outcome"] = NameOf(change.outcome);
  object["resourceVersion"] = change.version;
  json::array fields;
  for (const FieldChange& field : change.fields) {
    json::object entry{{"path", field.path}};
    if (field.before) entry["before"] = *field.before;
    if (field.after) entry["after"] = *field.after;
    fields.push_back(std::move(entry));
  }
  object["fields"] = std::move(fields);
  if (!change.note.empty()) object["note"] = change.note;
  return object;
}

std::string JoinSource(std::string_view source, std::string_view name) {
  const std::filesystem::path named(name);
  if (named.is_absolute()) return named.lexically_normal().string();
  return (std::filesystem::path(source).parent_path() / named).lexically_normal().string();
}

}  // namespace weir::resources
