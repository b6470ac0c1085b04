#include "api/schema.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace weir::api::schema {
namespace {

Schema WithDescription(Schema schema, std::string_view description) {
  schema["description"] = description;
  return schema;
}

}  // namespace

Schema Text(const TextLimits& limits) {
  Schema schema{{"type", "string"}};
  if (limits.min > 0) schema["minLength"] = limits.min;
  schema["maxLength"] = limits.max;
  if (limits.shape != nullptr) schema["pattern"] = limits.shape->pattern;
  return schema;
}

Schema OneOf(const std::vector<std::string_view>& values) {
  boost::json::array list;
  for (const std::string_view value : values) list.emplace_back(value);
  return {{"type", "string"}, {"enum", std::move(list)}};
}

Schema Integer(std::int64_t min, std::int64_t max) {
  return {{"type", "integer"}, {"format", "int64"}, {"minimum", min}, {"maximum", max}};
}

Schema Flag() { return {{"type", "boolean"}}; }

Schema Time() { return {{"type", "string"}, {"format", "date-time"}}; }

Schema ListOf(Schema item, std::size_t max_items) {
  Schema schema{{"type", "array"}, {"items", std::move(item)}};
  if (max_items > 0) schema["maxItems"] = max_items;
  return schema;
}

Schema AnyObject() { return {{"type", "object"}, {"additionalProperties", true}}; }

Schema Anything() { return {}; }

Schema Ref(std::string_view name) {
  return {{"$ref", std::string("#/components/schemas/").append(name)}};
}

Field Required(std::string_view name, Schema schema, std::string_view description) {
  return {std::string(name), WithDescription(std::move(schema), description), true};
}

Field Optional(std::string_view name, Schema schema, std::string_view description) {
  return {std::string(name), WithDescription(std::move(schema), description), false};
}

Schema Record(const std::vector<Field>& fields) {
  boost::json::object properties;
  boost::json::array required;
  for (const Field& field : fields) {
    properties[field.name] = field.schema;
    if (field.required) required.emplace_back(field.name);
  }
  Schema schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

Schema Object(const std::vector<Field>& fields) {
  Schema schema = Record(fields);
  schema["additionalProperties"] = false;
  return schema;
}

Schema WithDefault(Schema schema, boost::json::value value) {
  schema["default"] = std::move(value);
  return schema;
}

}  // namespace weir::api::schema
