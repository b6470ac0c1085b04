#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

#include "api/component_sets.h"
#include "api/resource_path.h"
#include "api/routes.h"
#include "api/services.h"
#include "resources/explain.h"
#include "resources/resource_service.h"

namespace weir::api {
namespace {

namespace json = boost::json;

json::object ToJson(const resources::Kind& kind) {
  const resources::KindInfo& info = kind.info();
  json::array versions(info.versions.begin(), info.versions.end());
  json::array actions;
  for (const resources::KindAction& action : kind.Actions()) {
    actions.push_back(json::object{{"name", action.name}, {"description", action.description}});
  }
  return {
      {"type", info.type},
      {"description", info.description},
      {"versions", std::move(versions)},
      {"scope", info.scope == resources::Scope::kInstance ? "instance" : "workspace"},
      {"here", true},
      {"names", info.name_rule.ToString()},
      {"actions", std::move(actions)},
  };
}

// A kind that DataOS has and this version has not.
json::object ToJson(const resources::TypeLine& line) {
  return {
      {"type", line.type},
      {"description", line.description},
      {"versions", json::array(line.versions.begin(), line.versions.end())},
      {"scope", line.in_workspace ? "workspace" : "instance"},
      {"here", false},
  };
}

Outcome ListKinds(const Services& services, const Call& call) {
  const resources::KindRegistry& registry = services.resources.registry();
  json::array items;
  for (const resources::TypeLine& line : resources::ListTypes(registry)) {
    if (line.here) {
      items.push_back(ToJson(*registry.Find(line.type)));
    } else if (call.Flag("all")) {
      items.push_back(ToJson(line));
    }
  }
  return JsonResponse(json::object{{"items", std::move(items)}});
}

Outcome GetKind(const Services& services, const Call& call) {
  const resources::KindRegistry& registry = services.resources.registry();
  const auto kind = registry.Get(*call.Text("type"));
  if (!kind) return NotThere(kind.error());
  const std::string place =
      *call.Text("type") + (call.Text("path") ? "." + *call.Text("path") : "");
  const auto explanation = resources::Explain(registry, place);
  if (!explanation) return explanation.error();
  json::object value = ToJson(**kind);
  value["schema"] = registry.SchemaOf(**kind).document();
  value["explanation"] = resources::ToJson(*explanation);
  return JsonResponse(value);
}

}  // namespace

std::vector<Route> KindRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/kinds",
       .action = "kind:list",
       .tag = "Kinds",
       .summary = "The kinds of resources that this server knows.",
       .parameters = {{.name = "all",
                       .schema = schema::WithDefault(schema::Flag(), false),
                       .description = "Those of DataOS too that are not here yet."}},
       .answers = {{.description = "Every kind.", .schema = schema::Ref("KindList")}},
       .handler = ListKinds},
      {.method = Method::kGet,
       .path = "/api/kinds/{type}",
       .action = "kind:explain",
       .tag = "Kinds",
       .summary = "What a manifest of a kind may say, key by key.",
       .parameters = {{.in = Parameter::In::kPath,
                       .name = "type",
                       .schema = schema::Text({.min = 1, .max = 253, .shape = &kPrintable}),
                       .description = "The kind, as in the manifest's `type`."},
                      {.name = "path",
                       .schema = schema::Text({.min = 1, .max = 1024, .shape = &kPrintable}),
                       .description = "The key to explain, as in `data.user`; else the whole."}},
       .answers = {{.description = "The kind.", .schema = schema::Ref("Kind")}},
       .problems = {404},
       .handler = GetKind},
  };
}

boost::json::object KindSchemas() {
  using namespace schema;  // NOLINT: the schemas are what this function says
  return {
      {"KindAction", Record({Required("name", Text(), "As in the path."),
                             Required("description", Text({.max = 4096}), "What it does.")})},
      {"Kind",
       Record({
           Required("type", Text(), "As in a manifest."),
           Required("description", Text({.max = 4096}), "What it is."),
           Required("versions", ListOf(Text()), "Of the manifest's format, the preferred first."),
           Required("scope", OneOf({"instance", "workspace"}), "What its names are unique in."),
           Required("here", Flag(), "False: DataOS has it, and this version not yet."),
           Optional("names", Text({.max = 4096}), "Which names it takes."),
           Optional("actions", ListOf(Ref("KindAction")), "What can be done to one."),
           Optional("schema", AnyObject(), "JSON Schema of the whole manifest."),
           Optional("explanation", AnyObject(), "What may stand at the place asked for."),
       })},
      {"KindList", Record({Required("items", ListOf(Ref("Kind")), "By type.")})},
  };
}

}  // namespace weir::api
