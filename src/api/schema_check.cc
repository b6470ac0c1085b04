#include "api/schema_check.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/nearest.h"

namespace weir::api {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxViolations = 20;
constexpr std::string_view kRefPrefix = "#/components/schemas/";

std::size_t CodePoints(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

std::string_view KindOf(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a boolean";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_:
      return "a number";
    case json::kind::string:
      return "a text";
    case json::kind::array:
      return "a list";
    case json::kind::object:
      return "an object";
  }
  return "a value";
}

// A whole number in any of JSON's spellings: 3, 3.0, 3e0.
std::optional<std::int64_t> WholeNumber(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_double()) {
    constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it doubles skip whole numbers
    const double number = value.get_double();
    if (std::trunc(number) == number && std::abs(number) <= kExact) {
      return static_cast<std::int64_t>(number);
    }
  }
  return std::nullopt;
}

class Checker {
 public:
  explicit Checker(const json::object& components) : components_(components) {}

  void Visit(const json::value& value, const schema::Schema& schema, const std::string& path) {
    if (violations_.size() >= kMaxViolations) return;
    if (const auto* ref = schema.if_contains("$ref")) {
      const std::string_view name = std::string_view(ref->as_string()).substr(kRefPrefix.size());
      return Visit(value, components_.at(name).as_object(), path);
    }
    if (!schema.contains("type")) return;  // anything
    const std::string_view type = schema.at("type").as_string();
    if (type == "object") return VisitObject(value, schema, path);
    if (type == "array") return VisitList(value, schema, path);
    if (type == "string") return VisitText(value, schema, path);
    if (type == "integer") return VisitInteger(value, schema, path);
    if (type == "boolean" && !value.is_bool()) Add(path, "{} where true or false belongs", value);
  }

  std::vector<Violation> Take() && { return std::move(violations_); }

 private:
  void VisitObject(const json::value& value, const schema::Schema& schema,
                   const std::string& path) {
    if (!value.is_object()) return Add(path, "{} where an object belongs", value);
    const auto* properties = schema.if_contains("properties");
    if (properties == nullptr) return;
    const json::object& known = properties->as_object();
    const auto* open = schema.if_contains("additionalProperties");
    const bool is_open = open != nullptr && *open == true;
    for (const auto& [key, child] : value.get_object()) {
      const std::string child_path =
          path.empty() ? std::string(key) : path + "." + std::string(key);
      if (const auto* field = known.if_contains(key)) {
        Visit(child, field->as_object(), child_path);
      } else if (!is_open) {
        AddUnknown(child_path, key, known);
      }
    }
    if (const auto* required = schema.if_contains("required")) {
      for (const json::value& name : required->as_array()) {
        if (!value.get_object().contains(name.as_string())) {
          violations_.push_back({path, fmt::format("`{}` is missing", Of(name))});
        }
      }
    }
  }

  void VisitList(const json::value& value, const schema::Schema& schema, const std::string& path) {
    if (!value.is_array()) return Add(path, "{} where a list belongs", value);
    const json::array& items = value.get_array();
    if (const auto* max = schema.if_contains("maxItems")) {
      if (items.size() > max->to_number<std::size_t>()) {
        violations_.push_back({path, fmt::format("{} items where at most {} may stand",
                                                 items.size(), max->to_number<std::size_t>())});
        return;
      }
    }
    const json::object& item_schema = schema.at("items").as_object();
    for (std::size_t i = 0; i < items.size(); ++i) {
      Visit(items[i], item_schema, fmt::format("{}[{}]", path, i));
      if (violations_.size() >= kMaxViolations) return;
    }
  }

  void VisitText(const json::value& value, const schema::Schema& schema, const std::string& path) {
    if (!value.is_string()) return Add(path, "{} where a text belongs", value);
    const std::string_view text = value.get_string();
    if (const auto* values = schema.if_contains("enum")) {
      for (const json::value& allowed : values->as_array()) {
        if (allowed == value) return;
      }
      violations_.push_back({path, "not one of " + json::serialize(*values)});
      return;
    }
    const std::size_t length = CodePoints(text);
    if (const auto* min = schema.if_contains("minLength")) {
      if (length < min->to_number<std::size_t>()) violations_.push_back({path, "it is empty"});
    }
    if (const auto* max = schema.if_contains("maxLength")) {
      if (length > max->to_number<std::size_t>()) {
        violations_.push_back({path, fmt::format("{} characters where at most {} may stand", length,
                                                 max->to_number<std::size_t>())});
        return;
      }
    }
    if (const auto* pattern = schema.if_contains("pattern")) {
      const TextShape* shape = ShapeOf(pattern->as_string());
      if (shape != nullptr && !shape->matches(text)) {
        violations_.push_back({path, fmt::format("does not match {}", shape->pattern)});
      }
    }
    if (schema.contains("format") && !ParseTimestamp(text)) {
      violations_.push_back({path, "not a time such as 2026-11-21T10:00:00Z"});
    }
  }

  void VisitInteger(const json::value& value, const schema::Schema& schema,
                    const std::string& path) {
    const auto number = WholeNumber(value);
    const auto min = schema.at("minimum").to_number<std::int64_t>();
    const auto max = schema.at("maximum").to_number<std::int64_t>();
    if (!value.is_number()) return Add(path, "{} where a whole number belongs", value);
    if (!number || *number < min || *number > max) {
      violations_.push_back({path, fmt::format("not a whole number from {} to {}", min, max)});
    }
  }

  static std::string_view Of(const json::value& text) { return text.as_string(); }

  void Add(const std::string& path, fmt::format_string<std::string_view> message,
           const json::value& found) {
    violations_.push_back({path, fmt::format(message, KindOf(found))});
  }

  void AddUnknown(const std::string& path, std::string_view key, const json::object& known) {
    std::vector<std::string_view> keys;
    for (const auto& [name, unused] : known) keys.push_back(name);
    const auto nearest = Nearest(key, keys);
    violations_.push_back({path, "no such key here",
                           nearest ? fmt::format("did you mean `{}`?", *nearest)
                                   : fmt::format("the keys are: {}", fmt::join(keys, ", "))});
  }

  const json::object& components_;
  std::vector<Violation> violations_;
};

}  // namespace

std::vector<Violation> Check(const json::value& value, const schema::Schema& schema,
                             const json::object& components) {
  Checker checker(components);
  checker.Visit(value, schema, "");
  return std::move(checker).Take();
}

}  // namespace weir::api
