#include <boost/json/array.hpp>

#include "api/block_reference.h"
#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "api/work.h"
#include "datasets/repository_places.h"
#include "datasets/reset.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

json::object ToJson(const Services& services, const Context& context,
                    const datasets::ResetReport& report, bool is_dry_run) {
  const char* outcome = report.blocks == 0 ? "upToDate" : is_dry_run ? "planned" : "reset";
  return {{"dataset", datasets::NameOfDataset(context, services.chains, report.id)},
          {"outcome", outcome},
          {"blocks", report.blocks},
          {"records", report.records},
          {"oldHead", report.old_head.ToText()},
          {"newHead", report.new_head.ToText()}};
}

json::object ToJson(const Services& services, const Context& context,
                    const datasets::ResetGraph& graph, bool is_dry_run) {
  json::array done;
  for (const auto& report : graph.done) {
    done.push_back(ToJson(services, context, report, is_dry_run));
  }
  json::array diverged;
  for (const odf::DatasetId& id : graph.diverged) {
    diverged.emplace_back(datasets::NameOfDataset(context, services.chains, id));
  }
  return {{"datasets", std::move(done)}, {"diverged", std::move(diverged)}};
}

Outcome PostReset(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  datasets::ResetRequest request{.id = entry->id, .is_dry_run = FlagIn(call.body, "dryRun")};
  if (const auto to = TextIn(call.body, "to")) {
    const auto number = BlockNumber(services, call.context, entry->id, *to, true);
    if (!number) return number.error();
    request.to = *number;
  }
  const bool downstream = FlagIn(call.body, "downstream");
  return DoWork(call,
                [&services, request, downstream](const Context& context,
                                                 const Report&) -> Result<json::object> {
                  ASSIGN_OR_RETURN(
                      const auto graph,
                      datasets::ResetWithReaders(context, services.chains, request, downstream));
                  return ToJson(services, context, graph, request.is_dry_run);
                });
}

}  // namespace

std::vector<Route> ResetRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/reset",
       .action = "dataset:reset",
       .tag = "Datasets",
       .summary = "Moves the head of a dataset back, and with it what history there is.",
       .description =
           "A root, or a derivative with `to`, goes back to a block. A derivative without `to` "
           "keeps what says how it is made and no data, and starts over with the next pull. What "
           "was taken is not part of the dataset any more, and its objects are left for gc. "
           "Derivatives that have read it cannot go on: they are reset too, or named.",
       .parameters = DatasetPathParameters(),
       .body = RequestBody{.schema = Ref("Reset"), .description = "To where."},
       .answers = {WorkAnswer("ResetReport", "What was taken.")},
       .problems = {404, 409, 429, 503, 507},
       .handler = PostReset},
  };
}

boost::json::object ResetSchemas() {
  return {
      {"Reset",
       Object({
           Optional("to", Text({.min = 1, .max = 256, .shape = &kVisible}),
                    "The newest block that stays: its number or hash, or a time (RFC "
                    "3339) at which it was the newest. Roots need it."),
           Optional("downstream", Flag(), "Derivatives that have read what goes start over too."),
           Optional("dryRun", Flag(), "Only says what would be taken."),
       })},
      {"ResetReport",
       Record({
           Required("datasets", ListOf(Ref("ResetDataset")), "The dataset, then those downstream."),
           Required("diverged", ListOf(Text()),
                    "Derivatives that have read what was taken, and were not reset: until they "
                    "are, they cannot be updated."),
       })},
      {"ResetDataset",
       Record({
           Required("dataset", Text(), "Its name."),
           Required("outcome", OneOf({"reset", "planned", "upToDate"}),
                    "`planned`: of a dry run; `upToDate`: there was nothing to take."),
           Required("blocks", Integer(), "That are not on the chain any more."),
           Required("records", Integer(), "Of their slices."),
           Required("oldHead", Text(), "The newest block before."),
           Required("newHead", Text(), "The newest block now; of a dry run the last that stays."),
       })},
  };
}

}  // namespace weir::api
