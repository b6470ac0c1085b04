#include <algorithm>

#include <boost/json/array.hpp>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "control/store.h"
#include "datasets/usage.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

constexpr std::size_t kPage = 1000;

// Those that are named, else all of the workspace.
Result<std::vector<datasets::DatasetEntry>> DatasetsOf(control::Snapshot& snapshot,
                                                       const Call& call) {
  const std::string workspace = *call.Text("workspace");
  std::vector<datasets::DatasetEntry> entries;
  for (const std::string& name : call.Texts("dataset")) {
    ASSIGN_OR_RETURN(auto entry, datasets::FindDataset(snapshot, workspace, name));
    if (std::ranges::find(entries, entry) == entries.end()) entries.push_back(std::move(entry));
  }
  if (!entries.empty()) return entries;
  std::optional<std::string> after;
  for (;;) {
    ASSIGN_OR_RETURN(const auto page, datasets::ListDatasets(snapshot, workspace, after, kPage));
    entries.insert(entries.end(), page.begin(), page.end());
    if (page.size() < kPage) return entries;
    after = datasets::FoldName(page.back().name);
  }
}

json::object ToJson(const std::string& name, const datasets::Usage& usage) {
  return {{"dataset", name},
          {"slices", usage.slices},
          {"sliceBytes", usage.slice_bytes},
          {"blocks", usage.blocks},
          {"blockBytes", usage.block_bytes},
          {"checkpoints", usage.checkpoints},
          {"checkpointBytes", usage.checkpoint_bytes},
          {"stateBytes", usage.state_bytes},
          {"packedBytes", usage.packed_bytes},
          {"workingBytes", usage.working_bytes},
          {"bytes", usage.total()}};
}

Outcome GetUsage(const Services& services, const Call& call) {
  const auto snapshot = services.store.Read(call.context);
  if (!snapshot) return snapshot.error();
  const auto entries = DatasetsOf(**snapshot, call);
  if (!entries) return entries.error();
  json::array told;
  std::uint64_t bytes = 0;
  for (const datasets::DatasetEntry& entry : *entries) {
    const auto usage = datasets::UsageOf(call.context, services.chains, services.states, entry.id,
                                         &services.working);
    // A dataset that was deleted meanwhile takes up what gc will say.
    if (!usage && usage.error().code == ErrorCode::kNotFound) continue;
    if (!usage) return usage.error();
    bytes += usage->total();
    told.push_back(ToJson(entry.name, *usage));
  }
  return JsonResponse(json::object{{"datasets", std::move(told)}, {"bytes", bytes}});
}

}  // namespace

std::vector<Route> UsageRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/{workspace}/du",
       .action = "dataset:usage",
       .tag = "Datasets",
       .summary = "What datasets take up.",
       .description =
           "Of their history what the chain leads to: slices, blocks and checkpoints; and "
           "what the cache keeps, which can be made again: the state, packed slices, working "
           "state.",
       .parameters = {WorkspaceParameter("Where the datasets are."),
                      {.name = "dataset",
                       .schema = ListOf(Text({.min = 1, .max = 63, .shape = &kPrintable}), 64),
                       .description = "Its name; all of the workspace, when none is given."}},
       .answers = {{.description = "Bytes, by dataset.", .schema = Ref("UsageReport")}},
       .problems = {404},
       .handler = GetUsage},
  };
}

boost::json::object UsageSchemas() {
  return {
      {"UsageReport", Record({
                          Required("datasets", ListOf(Ref("DatasetUsage")), "By name."),
                          Required("bytes", Integer(), "Of all of them."),
                      })},
      {"DatasetUsage",
       Record({
           Required("dataset", Text(), "Its name."),
           Required("slices", Integer(), "How many files of rows."),
           Required("sliceBytes", Integer(), "Of these."),
           Required("blocks", Integer(), "In the chain."),
           Required("blockBytes", Integer(), "Of these."),
           Required("checkpoints", Integer(), "Of engines that made the dataset elsewhere."),
           Required("checkpointBytes", Integer(), "Of these."),
           Required("stateBytes", Integer(), "Of the state that is kept in the cache."),
           Required("packedBytes", Integer(), "Of packed slices, in the cache too."),
           Required("workingBytes", Integer(), "Of the working state of a derivative, as well."),
           Required("bytes", Integer(), "All together."),
       })},
  };
}

}  // namespace weir::api
