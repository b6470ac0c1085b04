#include <boost/json/array.hpp>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "api/services.h"
#include "api/work.h"
#include "control/store.h"
#include "datasets/chain_store.h"
#include "datasets/directory.h"
#include "pipelines/derive/dataset_graph.h"
#include "pipelines/derive/rebuild.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

// Those that are named, else every derivative of the workspace.
Result<std::vector<odf::DatasetId>> DerivativesOf(const Services& services, const Call& call) {
  const std::string workspace = *call.Text("workspace");
  std::vector<odf::DatasetId> ids;
  if (const json::value* const names = call.body.if_contains("datasets")) {
    ASSIGN_OR_RETURN(const auto snapshot, services.store.Read(call.context));
    for (const json::value& name : names->as_array()) {
      ASSIGN_OR_RETURN(const auto entry, datasets::FindDataset(*snapshot, workspace,
                                                               std::string_view(name.as_string())));
      ids.push_back(entry.id);
    }
    return ids;
  }
  ASSIGN_OR_RETURN(const auto graph,
                   pipelines::GraphToPull(call.context, services.chains, workspace, {}));
  for (const pipelines::GraphNode& node : graph) {
    if (node.is_derivative) ids.push_back(node.entry.id);
  }
  return ids;
}

json::object ToJson(const pipelines::RebuiltGraph& rebuilt) {
  return {{"datasets", rebuilt.datasets},
          {"checked", rebuilt.checked},
          {"blocks", rebuilt.blocks},
          {"slices", rebuilt.slices},
          {"records", rebuilt.records}};
}

Outcome PostRebuild(const Services& services, const Call& call) {
  const auto ids = DerivativesOf(services, call);
  if (!ids) return ids.error();
  return DoWork(
      call,
      [&chains = services.chains, &deriver = services.deriver, ids = *ids](
          const Context& context, const Report& report) -> Result<json::object> {
        const auto on_progress = [&](const pipelines::RebuiltGraph& now) { report(ToJson(now)); };
        ASSIGN_OR_RETURN(const auto rebuilt,
                         pipelines::RebuildGraph(context, chains, deriver, ids, on_progress));
        return ToJson(rebuilt);
      });
}

}  // namespace

std::vector<Route> RebuildRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/{workspace}/rebuild",
       .action = "dataset:rebuild",
       .tag = "Datasets",
       .summary = "Computes again what is lost or damaged of derivatives.",
       .description =
           "Every slice is looked at; those that are not what their block says are computed again "
           "from the inputs that the block names, with the transform that was in force, and must "
           "have the hashes they had. The derivatives that these are computed from are rebuilt "
           "before. What was interrupted goes on where it was.",
       .parameters = {WorkspaceParameter("Where the derivatives are.")},
       .body = RequestBody{.schema = Ref("Rebuild"), .description = "Which."},
       .answers = {WorkAnswer("Rebuilt", "All of them are whole.")},
       .problems = {404, 409, 429, 501, 503, 507},
       .handler = PostRebuild},
  };
}

boost::json::object RebuildSchemas() {
  return {
      {"Rebuild",
       Object({Optional("datasets", ListOf(Text({.min = 1, .max = 63, .shape = &kPrintable}), 1000),
                        "Names of derivatives; all of the workspace, when it is left out.")})},
      {"Rebuilt", Record({
                      Required("datasets", Integer(), "Derivatives that were looked at."),
                      Required("checked", Integer(), "Slices of theirs."),
                      Required("blocks", Integer(), "That were put back."),
                      Required("slices", Integer(), "That were computed again."),
                      Required("records", Integer(), "In these slices."),
                  })},
  };
}

}  // namespace weir::api
