#include "resources/manifest_schema.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "resources/json_fields.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

constexpr std::string_view kHeader = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "required": ["name", "version", "type"],
  "properties": {
    "name": {"type": "string", "minLength": 1},
    "version": {"type": "string", "description": "Version of the manifest's form"},
    "type": {"type": "string", "description": "What is declared"},
    "tags": {
      "type": "array", "maxItems": 100, "description": "Words to find it by",
      "items": {"type": "string", "minLength": 1, "maxLength": 256}
    },
    "description": {"type": "string", "maxLength": 10000},
    "owner": {
      "type": "string", "maxLength": 256,
      "description": "Whoever applies it; another name is corrected to that"
    },
    "layer": {"type": "string", "enum": ["user", "system"], "default": "user"},
    "workspace": {
      "type": "string", "minLength": 1, "maxLength": 256,
      "description": "Where it belongs; public if not said"
    }
  }
})";

}  // namespace

Result<Schema> ManifestSchema(const KindInfo& kind) {
  boost::system::error_code failed;
  json::value spec = json::parse(kind.schema, failed);
  if (failed || !spec.is_object()) return Invalid("schema: it is no JSON object");

  spec.as_object()["type"] = "object";

  json::object schema = json::parse(kHeader).as_object();
  schema["title"] = kind.type;
  schema["description"] = kind.description;
  json::object& properties = schema["properties"].as_object();
  properties["name"].as_object()["description"] = kind.name_rule.ToString();
  properties["version"].as_object()["enum"] = ArrayOf(kind.versions);
  properties["type"].as_object()["enum"] = ArrayOf({kind.type});
  if (const json::value* defs = spec.as_object().if_contains("$defs")) {
    schema["$defs"] = *defs;
    spec.as_object().erase("$defs");
  }
  if (spec.as_object().contains("required")) {
    schema["required"].as_array().push_back(json::string(kind.type));
  } else {
    spec.as_object()["default"] = json::object();
  }
  properties[kind.type] = std::move(spec);
  return Schema::Compile(json::serialize(schema));
}

}  // namespace weir::resources
