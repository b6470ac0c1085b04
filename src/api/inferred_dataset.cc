#include "api/inferred_dataset.h"

#include <boost/json/object.hpp>

#include "control/store.h"
#include "odf/json.h"
#include "pipelines/ingest.h"
#include "resources/resource_service.h"
#include "resources/yaml_writer.h"

namespace weir::api {
namespace {

odf::MergeStrategy MergeBy(const std::vector<std::string>& keys) {
  if (keys.empty()) return {odf::MergeStrategyAppend{}};
  return {odf::MergeStrategyUpsertStream{.primary_key = keys}};
}

boost::json::object ManifestOf(const InferredDatasetRequest& request, odf::ReadStep read) {
  const odf::MetadataEvent source{odf::AddPushSource{
      .source_name = request.source_name, .read = std::move(read), .merge = MergeBy(request.keys)}};
  return {{"name", request.name},
          {"version", "v1"},
          {"type", "dataset"},
          {"workspace", request.workspace},
          {"dataset", boost::json::object{{"kind", "Root"},
                                          {"metadata", boost::json::array{odf::ToJson(source)}}}}};
}

}  // namespace

Result<InferredDataset> CreateInferredDataset(const Services& services, const Context& context,
                                              const InferredDatasetRequest& request) {
  ASSIGN_OR_RETURN(odf::ReadStep read,
                   services.ingestor.Infer(context, request.file, request.file_name,
                                           slices::TimeRule::kMicroseconds, request.format));
  InferredDataset made{.manifest = resources::WriteYaml(ManifestOf(request, std::move(read)))};
  resources::Problems problems;
  const auto applied = services.resources.Apply(
      context, {.documents = {{.source = "the inferred manifest", .text = made.manifest}}},
      problems);
  if (!applied) {
    Error error = applied.error();
    if (!problems.empty()) error.message = problems.items().front().message;
    return error;
  }
  ASSIGN_OR_RETURN(const auto snapshot, services.store.Read(context));
  ASSIGN_OR_RETURN(made.entry, datasets::FindDataset(*snapshot, request.workspace, request.name));
  return made;
}

Status DropInferredDataset(const Services& services, const Context& context,
                           const datasets::DatasetEntry& entry) {
  const auto deleted = services.resources.Delete(
      context, {.ids = {{.type = "dataset", .workspace = entry.workspace, .name = entry.name}}});
  return deleted ? Status() : deleted.error();
}

}  // namespace weir::api
