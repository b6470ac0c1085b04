#include "resources/explain.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/nearest.h"
#include "resources/json_fields.h"
#include "resources/known_types.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

std::string TypeName(const SchemaNode& node);

std::string Plural(const SchemaNode& node) {
  const std::string name = TypeName(node);
  return name == "mapping" ? "mappings" : name;
}

std::string NameOfType(const SchemaNode& node, unsigned type) {
  switch (type) {
    case SchemaNode::kObject:
      if (node.properties.empty() && node.additional) {
        return fmt::format("mapping of {}", TypeName(*node.additional));
      }
      return "mapping";
    case SchemaNode::kArray:
      return node.items ? fmt::format("list of {}", Plural(*node.items)) : "list";
    case SchemaNode::kString:
      return node.format.empty() ? "text" : node.format;
    case SchemaNode::kNumber:
      return "number";
    case SchemaNode::kInteger:
      return "whole number";
    case SchemaNode::kBoolean:
      return "true or false";
    default:
      return "nothing";
  }
}

std::string TypeName(const SchemaNode& node) {
  if (node.types == SchemaNode::kAny) return "anything";
  std::vector<std::string> names;
  for (unsigned type = SchemaNode::kObject; type != 0; type >>= 1) {
    const bool covered = type == SchemaNode::kInteger && (node.types & SchemaNode::kNumber) != 0;
    if ((node.types & type) != 0 && !covered) names.push_back(NameOfType(node, type));
  }
  return fmt::format("{}", fmt::join(names, " or "));
}

bool IsRequired(const SchemaNode& parent, std::string_view key) {
  return std::find(parent.required.begin(), parent.required.end(), key) != parent.required.end();
}

// A list has the keys of its items, as far as explaining goes.
const SchemaNode& Inside(const SchemaNode& node) {
  const SchemaNode* inner = &node;
  while (inner->items != nullptr) inner = inner->items.get();
  return *inner;
}

std::vector<std::string> LimitsOf(const SchemaNode& node) {
  constexpr auto kNone = std::numeric_limits<std::size_t>::max();
  std::vector<std::string> limits;
  if (node.minimum) limits.push_back(fmt::format("at least {}", *node.minimum));
  if (node.maximum) limits.push_back(fmt::format("at most {}", *node.maximum));
  if (node.min_length > 0) limits.push_back(fmt::format("at least {} characters", node.min_length));
  if (node.max_length != kNone) {
    limits.push_back(fmt::format("at most {} characters", node.max_length));
  }
  if (node.min_items > 0) limits.push_back(fmt::format("at least {} items", node.min_items));
  if (node.max_items != kNone) limits.push_back(fmt::format("at most {} items", node.max_items));
  if (!node.pattern.empty()) limits.push_back(fmt::format("matches {}", node.pattern));
  if (node.unique_items) limits.emplace_back("no item twice");
  return limits;
}

std::vector<ExplainedField> FieldsOf(const SchemaNode& node) {
  std::vector<ExplainedField> fields;
  for (const auto& [name, property] : node.properties) {
    fields.push_back({.name = name,
                      .type = TypeName(*property),
                      .description = property->description,
                      .required = IsRequired(node, name)});
  }
  if (node.additional) {
    fields.push_back({.name = "*",
                      .type = TypeName(*node.additional),
                      .description = node.additional->description});
  }
  return fields;
}

Explanation Describe(std::string path, const SchemaNode& node, bool required) {
  Explanation explanation{.path = std::move(path),
                          .type = TypeName(node),
                          .description = node.description,
                          .limits = LimitsOf(node),
                          .required = required,
                          .secret = node.secret};
  if (node.fallback) explanation.fallback = json::serialize(*node.fallback);
  for (const json::value& value : node.allowed) {
    explanation.allowed.push_back(value.is_string() ? std::string(value.as_string())
                                                    : json::serialize(value));
  }
  for (const json::value& value : node.examples) {
    explanation.examples.push_back(value.is_string() ? std::string(value.as_string())
                                                     : json::serialize(value));
  }
  explanation.fields = FieldsOf(Inside(node));
  return explanation;
}

Error NoSuchKey(const SchemaNode& parent, std::string_view path, std::string_view key) {
  std::vector<std::string_view> known;
  for (const auto& [name, property] : parent.properties) known.push_back(name);
  const auto nearest = Nearest(key, known);
  return NotFound("{} has no key {}", path, key)
      .WithHint(nearest         ? fmt::format("did you mean {}?", *nearest)
                : known.empty() ? ""
                                : fmt::format("it has {}", fmt::join(known, ", ")));
}

const SchemaNode* StepInto(const SchemaNode& node, std::string_view key) {
  const SchemaNode& inner = Inside(node);
  const SchemaNode* next = inner.Find(key);
  return next != nullptr ? next : inner.additional.get();
}

}  // namespace

Result<Explanation> Explain(const KindRegistry& registry, std::string_view path) {
  const std::string_view type = path.substr(0, path.find('.'));
  ASSIGN_OR_RETURN(const Kind* kind, registry.Get(type));
  const SchemaNode* node = &registry.SchemaOf(*kind).root();
  std::string_view rest = path.substr(type.size());
  bool required = true;
  std::string walked(type);
  // `secret.data` is `secret.secret.data`: the header's keys are few and go first.
  const std::string_view first = rest.empty() ? rest : rest.substr(1, rest.find('.', 1) - 1);
  if (!first.empty() && node->Find(first) == nullptr) node = &registry.SpecSchemaOf(*kind);
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view key = rest.substr(0, rest.find('.'));
    const SchemaNode* next = StepInto(*node, key);
    if (next == nullptr) return NoSuchKey(Inside(*node), walked, key);
    required = IsRequired(Inside(*node), key);
    walked += fmt::format(".{}", key);
    node = next;
    rest.remove_prefix(key.size());
  }
  return Describe(std::move(walked), *node, required);
}

json::object ToJson(const Explanation& explanation) {
  json::object object;
  object["path"] = explanation.path;
  object["type"] = explanation.type;
  object["description"] = explanation.description;
  object["required"] = explanation.required;
  object["secret"] = explanation.secret;
  if (!explanation.fallback.empty()) object["default"] = explanation.fallback;
  object["allowed"] = ArrayOf(explanation.allowed);
  object["examples"] = ArrayOf(explanation.examples);
  object["limits"] = ArrayOf(explanation.limits);
  json::array fields;
  for (const ExplainedField& field : explanation.fields) {
    fields.push_back(json::object{{"name", field.name},
                                  {"type", field.type},
                                  {"description", field.description},
                                  {"required", field.required}});
  }
  object["fields"] = std::move(fields);
  return object;
}

std::vector<TypeLine> ListTypes(const KindRegistry& registry) {
  std::vector<TypeLine> lines;
  for (const Kind* kind : registry.List()) {
    const KindInfo& info = kind->info();
    lines.push_back({.type = info.type,
                     .description = info.description,
                     .versions = info.versions,
                     .in_workspace = info.scope == Scope::kWorkspace});
  }
  for (const KnownType& known : KnownTypes()) {
    if (registry.Find(known.type) != nullptr) continue;
    lines.push_back({.type = std::string(known.type),
                     .description = "",
                     .versions = {},
                     .in_workspace = known.in_workspace,
                     .here = false});
  }
  return lines;
}

}  // namespace weir::resources
