#include "api/source_variables.h"

#include <boost/json/object.hpp>

#include "datasets/dataset_variables.h"
#include "resources/resource_service.h"

namespace weir::api {
namespace {

namespace json = boost::json;

Result<std::string> ValueOf(const Services& services, const Context& context,
                            const std::string& variable, const std::string& workspace,
                            const datasets::SecretReference& reference) {
  const resources::ResourceId id{
      .type = "secret", .workspace = workspace, .name = reference.secret};
  const auto spec = services.resources.ClearSpec(context, id);
  if (!spec && spec.error().code != ErrorCode::kNotFound) return spec.error();
  if (!spec) {
    return NotFound("the variable {} needs the secret {}, which is not there", variable,
                    reference.secret)
        .WithHint("apply it, in workspace " + workspace);
  }
  for (const char* part : {"data", "files"}) {
    const json::value* values = spec->if_contains(part);
    const json::value* value = values == nullptr || !values->is_object()
                                   ? nullptr
                                   : values->get_object().if_contains(reference.key);
    if (value != nullptr && value->is_string()) {
      return std::string(std::string_view(value->get_string()));
    }
  }
  return NotFound("the variable {} needs the key {} of the secret {}, which has no such key",
                  variable, reference.key, reference.secret);
}

}  // namespace

Result<std::map<std::string, std::string>> SourceVariables(const Services& services,
                                                           const Context& context,
                                                           const datasets::DatasetEntry& entry) {
  std::map<std::string, std::string> filled;
  const auto resource = services.resources.Get(
      context, {.type = "dataset", .workspace = entry.workspace, .name = entry.name});
  if (!resource && resource.error().code == ErrorCode::kNotFound) return filled;
  if (!resource) return resource.error();
  const json::value* declared = resource->spec.if_contains("variables");
  if (declared == nullptr || !declared->is_object()) return filled;
  ASSIGN_OR_RETURN(const datasets::DatasetVariables variables,
                   datasets::DatasetVariablesFromJson(declared->get_object()));
  for (const auto& [name, value] : variables) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      filled[name] = *text;
      continue;
    }
    ASSIGN_OR_RETURN(filled[name], ValueOf(services, context, name, entry.workspace,
                                           std::get<datasets::SecretReference>(value)));
  }
  return filled;
}

}  // namespace weir::api
