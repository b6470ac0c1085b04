#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/clock.h"
#include "base/nearest.h"
#include "resources/schema.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

// std::regex recurses on the text, so that long ones are refused before.
constexpr std::size_t kLongestMatched = 1024;

// The way from the root to a value, spelled out only when something is wrong with it.
struct Step {
  const Step* parent = nullptr;
  std::string_view key = {};
  std::size_t index = 0;

  std::string ToString() const {
    if (parent == nullptr) return std::string(key);
    const std::string before = parent->ToString();
    if (key.data() == nullptr) return fmt::format("{}[{}]", before, index);
    return before.empty() ? std::string(key) : fmt::format("{}.{}", before, key);
  }

  /// As the subject of a sentence.
  std::string Named() const {
    const std::string name = ToString();
    return name.empty() ? "the manifest" : name;
  }
};

unsigned TypeOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return SchemaNode::kNull;
    case json::kind::bool_:
      return SchemaNode::kBoolean;
    case json::kind::int64:
    case json::kind::uint64:
      return SchemaNode::kInteger;
    case json::kind::double_:
      return SchemaNode::kNumber;
    case json::kind::string:
      return SchemaNode::kString;
    case json::kind::array:
      return SchemaNode::kArray;
    case json::kind::object:
      return SchemaNode::kObject;
  }
  return 0;
}

std::string NameOfTypes(unsigned types) {
  static constexpr std::pair<unsigned, std::string_view> kNames[] = {
      {SchemaNode::kObject, "a mapping"},
      {SchemaNode::kArray, "a list"},
      {SchemaNode::kString, "text"},
      {SchemaNode::kNumber, "a number"},
      {SchemaNode::kInteger, "a whole number"},
      {SchemaNode::kBoolean, "true or false"},
      {SchemaNode::kNull, "nothing"}};
  std::vector<std::string_view> names;
  for (const auto& [type, name] : kNames) {
    const bool covered = type == SchemaNode::kInteger && (types & SchemaNode::kNumber) != 0;
    if ((types & type) != 0 && !covered) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, " or "));
}

std::string Shown(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

class Checker {
 public:
  Checker(const SchemaSite& site, Problems& problems) : site_(site), problems_(problems) {}

  void Check(const SchemaNode& schema, const Step& step, const YamlNode* node, json::value& value);

 private:
  void Report(const Step& step, int line, int column, std::string message, std::string hint = {}) {
    problems_.Add(
        Place{.source = site_.source, .line = line, .column = column, .path = step.ToString()},
        std::move(message), std::move(hint));
  }
  void Report(const Step& step, const YamlNode* node, std::string message, std::string hint = {}) {
    Report(step, node == nullptr ? 0 : node->line, node == nullptr ? 0 : node->column,
           std::move(message), std::move(hint));
  }

  void CheckEnum(const SchemaNode& schema, const Step& step, const YamlNode* node,
                 const json::value& value);
  void CheckText(const SchemaNode& schema, const Step& step, const YamlNode* node,
                 std::string_view text);
  void CheckNumber(const SchemaNode& schema, const Step& step, const YamlNode* node, double number);
  void CheckArray(const SchemaNode& schema, const Step& step, const YamlNode* node,
                  json::array& array);
  void CheckObject(const SchemaNode& schema, const Step& step, const YamlNode* node,
                   json::object& object);
  void CheckMember(const SchemaNode& schema, const Step& step, const YamlNode* node,
                   std::string_view key, json::value& value);
  void ReportUnknown(const SchemaNode& schema, const Step& step, const YamlNode* node,
                     std::string_view key);

  const SchemaSite& site_;
  Problems& problems_;
};

void Checker::Check(const SchemaNode& schema, const Step& step, const YamlNode* node,
                    json::value& value) {
  const bool scalar = node != nullptr && node->is_scalar() && node->type != YamlNode::Type::kNull;
  if (schema.types == SchemaNode::kString && scalar) value = json::string(node->text);

  const unsigned type = TypeOf(value);
  if ((schema.types & type) == 0) {
    Report(step, node,
           fmt::format("{} must be {}, not {}", step.Named(), NameOfTypes(schema.types),
                       NameOfTypes(type)));
    return;
  }
  if (!schema.allowed.empty()) CheckEnum(schema, step, node, value);
  if (value.is_string()) CheckText(schema, step, node, value.as_string());
  if (value.is_number()) CheckNumber(schema, step, node, value.to_number<double>());
  if (value.is_array()) CheckArray(schema, step, node, value.as_array());
  if (value.is_object()) CheckObject(schema, step, node, value.as_object());
}

void Checker::CheckEnum(const SchemaNode& schema, const Step& step, const YamlNode* node,
                        const json::value& value) {
  if (std::find(schema.allowed.begin(), schema.allowed.end(), value) != schema.allowed.end()) {
    return;
  }
  std::vector<std::string> names;
  for (const json::value& allowed : schema.allowed) names.push_back(Shown(allowed));
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string all = fmt::format("one of {}", fmt::join(names, ", "));
  if (schema.secret) return Report(step, node, fmt::format("{} must be {}", step.Named(), all));
  const std::string given = Shown(value).substr(0, 64);
  // Of two letters everything is near to everything.
  const auto nearest = given.size() < 4 ? std::nullopt : Nearest(given, known);
  Report(step, node, fmt::format("{} cannot be {}", step.Named(), given),
         nearest ? fmt::format("did you mean {}?", *nearest) : all);
}

void Checker::CheckText(const SchemaNode& schema, const Step& step, const YamlNode* node,
                        std::string_view text) {
  if (text.size() < schema.min_length) {
    Report(step, node,
           text.empty() ? fmt::format("{} is empty", step.Named())
                        : fmt::format("{} must have at least {} characters", step.Named(),
                                      schema.min_length));
  }
  if (text.size() > schema.max_length) {
    Report(step, node,
           fmt::format("{} must have at most {} characters", step.Named(), schema.max_length));
  }
  if (schema.format == "date-time" && !ParseTimestamp(text)) {
    Report(step, node, fmt::format("{} is no time", step.Named()), "write 2026-01-31T12:00:00Z");
  }
  if (schema.compiled_pattern == nullptr) return;
  if (text.size() > kLongestMatched ||
      !std::regex_search(text.begin(), text.end(), *schema.compiled_pattern)) {
    Report(step, node, fmt::format("{} must match {}", step.Named(), schema.pattern));
  }
}

void Checker::CheckNumber(const SchemaNode& schema, const Step& step, const YamlNode* node,
                          double number) {
  if (schema.minimum && number < *schema.minimum) {
    Report(step, node, fmt::format("{} must be at least {}", step.Named(), *schema.minimum));
  }
  if (schema.maximum && number > *schema.maximum) {
    Report(step, node, fmt::format("{} must be at most {}", step.Named(), *schema.maximum));
  }
}

void Checker::CheckArray(const SchemaNode& schema, const Step& step, const YamlNode* node,
                         json::array& array) {
  if (array.size() < schema.min_items) {
    Report(step, node,
           fmt::format("{} must have at least {} items", step.Named(), schema.min_items));
  }
  if (array.size() > schema.max_items) {
    Report(step, node,
           fmt::format("{} must have at most {} items", step.Named(), schema.max_items));
  }
  for (std::size_t index = 0; index < array.size(); ++index) {
    const Step inner{.parent = &step, .index = index};
    const YamlNode* const item =
        node != nullptr && index < node->items.size() ? &node->items[index] : nullptr;
    if (schema.items) Check(*schema.items, inner, item, array[index]);
    if (schema.unique_items &&
        std::find(array.begin(), array.begin() + static_cast<std::ptrdiff_t>(index),
                  array[index]) != array.begin() + static_cast<std::ptrdiff_t>(index)) {
      Report(inner, item, fmt::format("{} is there twice", inner.ToString()));
    }
  }
}

void Checker::ReportUnknown(const SchemaNode& schema, const Step& step, const YamlNode* node,
                            std::string_view key) {
  std::vector<std::string_view> known;
  for (const auto& [name, property] : schema.properties) {
    if (!property->deprecated) known.push_back(name);
  }
  const auto nearest = Nearest(key, known);
  const Step inner{.parent = &step, .key = key};
  const auto* member = node == nullptr ? nullptr : node->FindMember(key);
  Report(inner, member == nullptr ? 0 : member->line, member == nullptr ? 0 : member->column,
         fmt::format("{} has no key {}", step.Named(), key),
         nearest         ? fmt::format("did you mean {}?", *nearest)
         : known.empty() ? "it has no keys"
                         : fmt::format("it has {}", fmt::join(known, ", ")));
}

void Checker::CheckMember(const SchemaNode& schema, const Step& step, const YamlNode* node,
                          std::string_view key, json::value& value) {
  const SchemaNode* property = schema.Find(key);
  if (property == nullptr) property = schema.additional.get();
  if (property == nullptr) {
    if (schema.closed) ReportUnknown(schema, step, node, key);
    return;
  }
  const Step inner{.parent = &step, .key = key};
  if (property->not_yet) {
    const auto* member = node == nullptr ? nullptr : node->FindMember(key);
    problems_.Add({.place = {.source = site_.source,
                             .line = member == nullptr ? 0 : member->line,
                             .column = member == nullptr ? 0 : member->column,
                             .path = inner.ToString()},
                   .message = fmt::format("the key {} is not here yet", inner.ToString()),
                   .code = ErrorCode::kUnimplemented});
    return;
  }
  Check(*property, inner, node == nullptr ? nullptr : node->Find(key), value);
}

void Checker::CheckObject(const SchemaNode& schema, const Step& step, const YamlNode* node,
                          json::object& object) {
  for (const auto& [name, property] : schema.properties) {
    const json::value* given = object.if_contains(name);
    const bool nothing = given != nullptr && given->is_null();
    if (nothing && (property->types & SchemaNode::kNull) == 0) {
      object.erase(name);
      given = nullptr;
    }
    if (given == nullptr && property->fallback) object.emplace(name, *property->fallback);
  }
  for (auto& member : object) CheckMember(schema, step, node, member.key(), member.value());
  for (const std::string& name : schema.required) {
    if (object.contains(name)) continue;
    const Step inner{.parent = &step, .key = name};
    Report(inner, node, fmt::format("{} is missing", inner.ToString()));
  }
  if (object.size() < schema.min_properties) {
    Report(step, node,
           fmt::format("{} must have at least {} keys", step.Named(), schema.min_properties));
  }
  if (object.size() > schema.max_properties) {
    Report(step, node,
           fmt::format("{} must have at most {} keys", step.Named(), schema.max_properties));
  }
}

}  // namespace

void CheckAgainst(const SchemaNode& schema, const SchemaSite& site, boost::json::value& value,
                  Problems& problems) {
  Checker(site, problems).Check(schema, Step{.key = site.path}, site.node, value);
}

}  // namespace weir::resources
