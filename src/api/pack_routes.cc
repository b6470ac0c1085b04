#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "api/services.h"
#include "api/work.h"
#include "datasets/packer.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

json::object ToJson(const datasets::Packed& packed) {
  return {{"files", packed.files},
          {"slices", packed.slices},
          {"rows", packed.rows},
          {"bytes", packed.bytes}};
}

Outcome PostPack(const Services& services, const Call& call) {
  const auto entry = WorkspaceDatasetOf(services, call);
  if (!entry) return entry.error();
  return DoWork(call,
                [&services, id = entry->id](const Context& context,
                                            const Report& report) -> Result<json::object> {
                  ASSIGN_OR_RETURN(
                      const datasets::Packed packed,
                      services.packer.PackAll(
                          context, id, [&](const datasets::Packed& now) { report(ToJson(now)); }));
                  return ToJson(packed);
                });
}

}  // namespace

std::vector<Route> PackRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/{workspace}/{dataset}/pack",
       .action = "dataset:pack",
       .tag = "Datasets",
       .summary = "Packs the small slices of a dataset, so that it is read from few files.",
       .description = "In the cache: the chain stays as it is. A server does so by itself, within "
                      "what `cache.packing` allows.",
       .parameters = WorkspaceDatasetParameters(),
       .answers = {WorkAnswer("Packed", "What was written.")},
       .problems = {404, 429, 503, 507},
       .handler = PostPack},
  };
}

boost::json::object PackSchemas() {
  return {
      {"Packed", Record({
                     Required("files", Integer(), "Packed slices that were written."),
                     Required("slices", Integer(), "That need not be read by themselves now."),
                     Required("rows", Integer(), "That were written, some of them again."),
                     Required("bytes", Integer(), "Of the files."),
                 })},
  };
}

}  // namespace weir::api
