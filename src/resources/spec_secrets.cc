#include "resources/spec_secrets.h"

#include <boost/json/serialize.hpp>

#include "base/json_reader.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

constexpr std::string_view kSealed = "$sealed";
constexpr int kMaxDepth = 4;  // of manifests in manifests

}  // namespace

Status SpecSecrets::ForEach(std::string_view type, const std::string& pointer, json::object& spec,
                            const Visit& visit, int depth) const {
  const Kind* kind = registry_.Find(type);
  if (kind == nullptr || depth > kMaxDepth) {
    spec.clear();
    return Ok();
  }
  const SchemaNode& schema = registry_.SpecSchemaOf(*kind);
  if (!schema.holds_secrets) return Ok();
  const auto visit_marked = [&](const SchemaNode& node, const std::string& inner,
                                json::value& value) -> Status {
    const std::string whole = pointer + inner;
    if (node.secret) return visit(whole, value);
    if (!value.is_object()) return Ok();
    const json::value* nested = value.as_object().if_contains("type");
    if (nested == nullptr || !nested->is_string()) return Ok();
    const std::string nested_type(nested->as_string());
    json::value* nested_spec = value.as_object().if_contains(nested_type);
    if (nested_spec == nullptr || !nested_spec->is_object()) return Ok();
    return ForEach(nested_type, AppendToPointer(whole, nested_type), nested_spec->as_object(),
                   visit, depth + 1);
  };
  json::value value = std::move(spec);
  const Status walked = VisitMarked(schema, Mark::kSecretOrManifest, value, visit_marked);
  spec = std::move(value.as_object());
  return walked;
}

Status SpecSecrets::Seal(const ResourceId& id, json::object& spec) const {
  const auto seal = [&](const std::string& pointer, json::value& secret) -> Status {
    if (sealer_ == nullptr) {
      return Unavailable("{} holds secret values, and there is no key to seal them with",
                         id.ToString());
    }
    ASSIGN_OR_RETURN(const std::string sealed, sealer_->Seal(id, pointer, json::serialize(secret)));
    secret = json::object{{kSealed, sealed}};
    return Ok();
  };
  return ForEach(id.type, "", spec, seal, 0);
}

Status SpecSecrets::Open(const ResourceId& id, json::object& spec) const {
  const auto open = [&](const std::string& pointer, json::value& secret) -> Status {
    const json::value* sealed =
        secret.is_object() ? secret.as_object().if_contains(kSealed) : nullptr;
    if (sealed == nullptr || !sealed->is_string()) {
      return Corrupt("a value of {} is stored unsealed", id.ToString());
    }
    if (sealer_ == nullptr) {
      return Unavailable("{} holds sealed values, and there is no key to open them with",
                         id.ToString());
    }
    ASSIGN_OR_RETURN(const std::string clear, sealer_->Open(id, pointer, sealed->as_string()));
    auto value = ParseJson(clear);
    if (!value) return Corrupt("a sealed value of {} holds no value", id.ToString());
    secret = std::move(*value);
    return Ok();
  };
  return ForEach(id.type, "", spec, open, 0);
}

void SpecSecrets::Hide(const ResourceId& id, json::object& spec) const {
  const auto hide = [](const std::string& /*pointer*/, json::value& secret) {
    secret = json::string(kHidden);
    return Ok();
  };
  const Status hidden = ForEach(id.type, "", spec, hide, 0);
  if (!hidden) spec.clear();
}

}  // namespace weir::resources
