#include "resources/key_order.h"

#include <boost/json/array.hpp>
#include <utility>

#include "resources/json_fields.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

constexpr int kMaxDepth = 100;

class Orderer {
 public:
  explicit Orderer(const KindRegistry& registry) : registry_(registry) {}

  void Order(const SchemaNode& schema, json::value& value, int depth) {
    if (depth > kMaxDepth) return;
    if (value.is_array() && schema.items) {
      for (json::value& item : value.as_array()) Order(*schema.items, item, depth + 1);
    }
    if (!value.is_object()) return;
    if (schema.manifest) {
      const Kind* kind = registry_.Find(TextAt(value.as_object(), "type"));
      if (kind != nullptr) Order(registry_.SchemaOf(*kind).root(), value, depth + 1);
      return;
    }
    OrderObject(schema, value.as_object(), depth);
  }

 private:
  void OrderObject(const SchemaNode& schema, json::object& object, int depth) {
    json::object ordered;
    ordered.reserve(object.size());
    const auto move = [&](std::string_view key, const SchemaNode* property, json::value& value) {
      if (property != nullptr) Order(*property, value, depth + 1);
      ordered.emplace(key, std::move(value));
    };
    for (const auto& [name, property] : schema.properties) {
      if (json::value* value = object.if_contains(name)) move(name, property.get(), *value);
    }
    for (auto& member : object) {
      if (schema.Find(member.key()) != nullptr) continue;
      move(member.key(), schema.additional.get(), member.value());
    }
    object = std::move(ordered);
  }

  const KindRegistry& registry_;
};

}  // namespace

void OrderKeys(const KindRegistry& registry, std::string_view type, json::object& spec) {
  const Kind* kind = registry.Find(type);
  if (kind == nullptr) return;
  json::value value = std::move(spec);
  Orderer(registry).Order(registry.SpecSchemaOf(*kind), value, 0);
  spec = std::move(value.as_object());
}

}  // namespace weir::resources
