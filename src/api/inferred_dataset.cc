#include "api/inferred_dataset.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "datasets/unnamed_chain.h"
#include "odf/json.h"
#include "resources/resource_service.h"
#include "resources/yaml_writer.h"

namespace weir::api {
namespace {

namespace json = boost::json;

odf::MergeStrategy MergeBy(const std::vector<std::string>& keys) {
  if (keys.empty()) return {odf::MergeStrategyAppend{}};
  return {odf::MergeStrategyUpsertStream{.primary_key = keys}};
}

odf::MetadataEvent SourceOf(const InferredDatasetRequest& request, const odf::ReadStep& read) {
  return {odf::AddPushSource{
      .source_name = request.source_name, .read = read, .merge = MergeBy(request.keys)}};
}

json::object ManifestOf(const InferredDatasetRequest& request, json::object spec) {
  return {{"name", request.name},
          {"version", "v1"},
          {"type", "dataset"},
          {"workspace", request.workspace},
          {"dataset", std::move(spec)}};
}

Status Apply(const Services& services, const Context& context, const std::string& manifest,
             bool dry_run) {
  resources::Problems problems;
  const auto applied = services.resources.Apply(
      context,
      {.documents = {{.source = "the inferred manifest", .text = manifest}}, .dry_run = dry_run},
      problems);
  if (applied) return Ok();
  Error error = applied.error();
  if (!problems.empty()) error.message = problems.items().front().message;
  return error;
}

}  // namespace

Result<InferredDataset> InferDataset(const Services& services, const Context& context,
                                     const InferredDatasetRequest& request) {
  InferredDataset inferred;
  ASSIGN_OR_RETURN(inferred.input,
                   services.ingestor.Infer(context, request.file, request.file_name,
                                           slices::TimeRule::kMicroseconds, request.format));
  const odf::MetadataEvent source = SourceOf(request, inferred.input.read);
  inferred.manifest = resources::WriteYaml(
      ManifestOf(request, {{"kind", "Root"}, {"metadata", json::array{odf::ToJson(source)}}}));
  RETURN_IF_ERROR(Apply(services, context, inferred.manifest, true));
  return inferred;
}

Result<odf::DatasetId> BeginInferredChain(const Services& services, const Context& context,
                                          const InferredDatasetRequest& request,
                                          const InferredDataset& inferred) {
  return datasets::BeginUnnamedChain(context, services.store, services.dataset_parts,
                                     {SourceOf(request, inferred.input.read)});
}

Status NameInferredChain(const Services& services, const Context& context,
                         const InferredDatasetRequest& request, const odf::DatasetId& id) {
  const json::object manifest =
      ManifestOf(request, {{"did", id.ToString()}, {"timestamps", "microseconds"}});
  return Apply(services, context, json::serialize(manifest), false);
}

}  // namespace weir::api
