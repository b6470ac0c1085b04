#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "resources/schema.h"

namespace weir::resources {
namespace {

namespace json = boost::json;
using NodePtr = std::shared_ptr<const SchemaNode>;

// Beyond it, a $ref leads back to itself.
constexpr int kMaxDepth = 32;

Error Wrong(std::string_view keyword, const json::value& value) {
  return Invalid("schema: {} cannot be {}", keyword, json::serialize(value));
}

Result<unsigned> TypeBit(const json::value& name) {
  static constexpr std::array<std::pair<std::string_view, unsigned>, 7> kTypes{{
      {"null", SchemaNode::kNull},
      {"boolean", SchemaNode::kBoolean},
      {"integer", SchemaNode::kInteger},
      {"number", SchemaNode::kNumber | SchemaNode::kInteger},
      {"string", SchemaNode::kString},
      {"array", SchemaNode::kArray},
      {"object", SchemaNode::kObject},
  }};
  for (const auto& [known, bit] : kTypes) {
    if (name.is_string() && name.as_string() == known) return bit;
  }
  return Wrong("type", name);
}

class Compiler {
 public:
  explicit Compiler(const json::object& document) : document_(document) {}

  Result<NodePtr> Compile(const json::value& value, int depth);

 private:
  Status Read(std::string_view keyword, const json::value& value, SchemaNode& node, int depth);
  Status ReadText(std::string_view keyword, const json::value& value, SchemaNode& node,
                  bool& known);
  Status ReadNumber(std::string_view keyword, const json::value& value, SchemaNode& node,
                    bool& known);
  Status ReadFlag(std::string_view keyword, const json::value& value, SchemaNode& node,
                  bool& known);
  Status ReadList(std::string_view keyword, const json::value& value, SchemaNode& node,
                  bool& known);
  Status ReadNested(std::string_view keyword, const json::value& value, SchemaNode& node, int depth,
                    bool& known);
  Result<NodePtr> Follow(const json::value& reference, int depth);

  const json::object& document_;
};

Result<NodePtr> Compiler::Compile(const json::value& value, int depth) {
  if (depth > kMaxDepth) return Invalid("schema: it refers to itself, or is very deep");
  if (!value.is_object()) return Wrong("a schema", value);
  if (const json::value* reference = value.as_object().if_contains("$ref")) {
    return Follow(*reference, depth);
  }
  auto node = std::make_shared<SchemaNode>();
  for (const auto& [keyword, part] : value.as_object()) {
    RETURN_IF_ERROR(Read(keyword, part, *node, depth));
  }
  for (const std::string& name : node->required) {
    if (node->closed && node->Find(name) == nullptr) {
      return Invalid("schema: the required key {} is no property", name);
    }
  }
  return NodePtr(std::move(node));
}

Result<NodePtr> Compiler::Follow(const json::value& reference, int depth) {
  constexpr std::string_view kPrefix = "#/$defs/";
  if (!reference.is_string()) return Wrong("$ref", reference);
  const std::string_view target(reference.as_string());
  const json::value* defs = document_.if_contains("$defs");
  if (!target.starts_with(kPrefix) || defs == nullptr || !defs->is_object()) {
    return Wrong("$ref", reference);
  }
  const json::value* found = defs->as_object().if_contains(target.substr(kPrefix.size()));
  if (found == nullptr) return Wrong("$ref", reference);
  return Compile(*found, depth + 1);
}

Status Compiler::Read(std::string_view keyword, const json::value& value, SchemaNode& node,
                      int depth) {
  if (keyword == "$schema" || keyword == "$id" || keyword == "$defs" || keyword == "$comment") {
    return Ok();
  }
  bool known = false;
  RETURN_IF_ERROR(ReadText(keyword, value, node, known));
  if (!known) RETURN_IF_ERROR(ReadNumber(keyword, value, node, known));
  if (!known) RETURN_IF_ERROR(ReadFlag(keyword, value, node, known));
  if (!known) RETURN_IF_ERROR(ReadList(keyword, value, node, known));
  if (!known) RETURN_IF_ERROR(ReadNested(keyword, value, node, depth, known));
  if (!known) return Invalid("schema: the keyword {} is not understood", keyword);
  return Ok();
}

Status Compiler::ReadText(std::string_view keyword, const json::value& value, SchemaNode& node,
                          bool& known) {
  std::string* const field = keyword == "title"         ? &node.title
                             : keyword == "description" ? &node.description
                             : keyword == "format"      ? &node.format
                             : keyword == "pattern"     ? &node.pattern
                                                        : nullptr;
  if (field == nullptr) return Ok();
  known = true;
  if (!value.is_string()) return Wrong(keyword, value);
  *field = value.as_string();
  if (keyword != "pattern") return Ok();
  try {
    node.compiled_pattern = std::make_shared<const std::regex>(
        node.pattern, std::regex::ECMAScript | std::regex::optimize);
  } catch (const std::regex_error&) {
    return Wrong(keyword, value);
  }
  return Ok();
}

Status Compiler::ReadNumber(std::string_view keyword, const json::value& value, SchemaNode& node,
                            bool& known) {
  std::size_t* const count = keyword == "minLength"       ? &node.min_length
                             : keyword == "maxLength"     ? &node.max_length
                             : keyword == "minItems"      ? &node.min_items
                             : keyword == "maxItems"      ? &node.max_items
                             : keyword == "minProperties" ? &node.min_properties
                             : keyword == "maxProperties" ? &node.max_properties
                                                          : nullptr;
  std::optional<double>* const bound = keyword == "minimum"   ? &node.minimum
                                       : keyword == "maximum" ? &node.maximum
                                                              : nullptr;
  if (count == nullptr && bound == nullptr) return Ok();
  known = true;
  if (bound != nullptr) {
    if (!value.is_number()) return Wrong(keyword, value);
    *bound = value.to_number<double>();
    return Ok();
  }
  if (!value.is_int64() || value.as_int64() < 0) return Wrong(keyword, value);
  *count = static_cast<std::size_t>(value.as_int64());
  return Ok();
}

Status Compiler::ReadFlag(std::string_view keyword, const json::value& value, SchemaNode& node,
                          bool& known) {
  bool* const flag = keyword == "writeOnly"         ? &node.secret
                     : keyword == "deprecated"      ? &node.deprecated
                     : keyword == "uniqueItems"     ? &node.unique_items
                     : keyword == "x-weir-file"     ? &node.file
                     : keyword == "x-weir-manifest" ? &node.manifest
                     : keyword == "x-weir-not-yet"  ? &node.not_yet
                                                    : nullptr;
  if (flag == nullptr) return Ok();
  known = true;
  if (!value.is_bool()) return Wrong(keyword, value);
  *flag = value.as_bool();
  node.holds_secrets = node.holds_secrets || node.secret || node.manifest;
  node.holds_files = node.holds_files || node.file;
  return Ok();
}

Status Compiler::ReadList(std::string_view keyword, const json::value& value, SchemaNode& node,
                          bool& known) {
  known = true;
  if (keyword == "type") {
    node.types = 0;
    const json::array one{value};
    for (const json::value& name : value.is_array() ? value.as_array() : one) {
      ASSIGN_OR_RETURN(const unsigned bit, TypeBit(name));
      node.types |= bit;
    }
  } else if (keyword == "required") {
    if (!value.is_array()) return Wrong(keyword, value);
    for (const json::value& name : value.as_array()) {
      if (!name.is_string()) return Wrong(keyword, value);
      node.required.emplace_back(name.as_string());
    }
  } else if (keyword == "enum" || keyword == "examples") {
    if (!value.is_array()) return Wrong(keyword, value);
    auto& list = keyword == "enum" ? node.allowed : node.examples;
    list.assign(value.as_array().begin(), value.as_array().end());
  } else if (keyword == "default") {
    node.fallback = value;
  } else {
    known = false;
  }
  return Ok();
}

Status Compiler::ReadNested(std::string_view keyword, const json::value& value, SchemaNode& node,
                            int depth, bool& known) {
  known = true;
  const auto take = [&node](const NodePtr& child) {
    node.holds_secrets = node.holds_secrets || child->holds_secrets;
    node.holds_files = node.holds_files || child->holds_files;
  };
  if (keyword == "properties") {
    if (!value.is_object()) return Wrong(keyword, value);
    for (const auto& [name, schema] : value.as_object()) {
      ASSIGN_OR_RETURN(NodePtr child, Compile(schema, depth + 1));
      take(child);
      node.properties.emplace_back(name, std::move(child));
    }
  } else if (keyword == "items") {
    ASSIGN_OR_RETURN(node.items, Compile(value, depth + 1));
    take(node.items);
  } else if (keyword == "additionalProperties" && value.is_bool()) {
    node.closed = !value.as_bool();
  } else if (keyword == "additionalProperties") {
    ASSIGN_OR_RETURN(node.additional, Compile(value, depth + 1));
    take(node.additional);
  } else {
    known = false;
  }
  return Ok();
}

}  // namespace

const SchemaNode* SchemaNode::Find(std::string_view property) const {
  for (const auto& [name, schema] : properties) {
    if (name == property) return schema.get();
  }
  return nullptr;
}

Result<Schema> Schema::Compile(std::string_view json_text) {
  boost::system::error_code failed;
  json::value parsed = json::parse(json_text, failed);
  if (failed || !parsed.is_object()) return Invalid("schema: it is no JSON object");
  Schema schema;
  schema.document_ = std::make_shared<const json::object>(std::move(parsed.as_object()));
  ASSIGN_OR_RETURN(schema.root_, Compiler(*schema.document_).Compile(*schema.document_, 0));
  return schema;
}

}  // namespace weir::resources
