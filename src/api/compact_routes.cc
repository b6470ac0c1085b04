#include <boost/json/array.hpp>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "api/work.h"
#include "datasets/repository_places.h"
#include "pipelines/compact/compact.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

json::object ToJson(const Services& services, const Context& context,
                    const pipelines::CompactReport& report, bool is_dry_run) {
  const bool does_something = report.new_blocks < report.old_blocks;
  json::array reset;
  for (const odf::DatasetId& id : report.reset) {
    reset.emplace_back(datasets::NameOfDataset(context, services.chains, id));
  }
  return {{"outcome", !does_something ? "upToDate"
                      : is_dry_run    ? "planned"
                                      : "compacted"},
          {"oldBlocks", report.old_blocks},
          {"newBlocks", report.new_blocks},
          {"oldSlices", report.old_slices},
          {"newSlices", report.new_slices},
          {"oldHead", report.old_head.ToText()},
          {"newHead", report.new_head.ToText()},
          {"reset", std::move(reset)}};
}

Outcome PostCompaction(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  pipelines::CompactRequest request{.dataset = entry->id,
                                    .resets_readers = FlagIn(call.body, "resetDownstream"),
                                    .is_dry_run = FlagIn(call.body, "dryRun")};
  if (const auto bytes = IntegerIn(call.body, "maxBytes")) request.limits.bytes = *bytes;
  if (const auto records = IntegerIn(call.body, "maxRecords")) request.limits.records = *records;
  return DoWork(
      call,
      [&services, request](const Context& context, const Report& report) -> Result<json::object> {
        const auto on_progress = [&](std::uint64_t merged) {
          report(json::object{{"merged", merged}});
        };
        ASSIGN_OR_RETURN(const auto done, services.compactor.Run(context, request, on_progress));
        return ToJson(services, context, done, request.is_dry_run);
      });
}

}  // namespace

std::vector<Route> CompactRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/compact",
       .action = "dataset:compact",
       .tag = "Datasets",
       .summary = "Writes the history of a root anew, with fewer and larger slices.",
       .description =
           "Neighbouring data blocks become one, within limits; rows and offsets stay, and the "
           "hashes from the first merged block on are others. Copies of the dataset see a history "
           "that went another way, and derivatives that have read it have to start over: they keep "
           "it from being done, unless that is asked for.",
       .parameters = DatasetPathParameters(),
       .body = RequestBody{.schema = Ref("Compaction"), .description = "How."},
       .answers = {WorkAnswer("CompactionReport", "What became of it.")},
       .problems = {404, 409, 429, 503, 507},
       .handler = PostCompaction},
  };
}

boost::json::object CompactSchemas() {
  return {
      {"Compaction",
       Object({
           Optional("maxBytes", Integer(1, 4'000'000'000),
                    "Of the slices that become one; 300,000,000 when it is left out."),
           Optional("maxRecords", Integer(1, 1'000'000'000),
                    "Of the slices that become one; 10,000 when it is left out."),
           Optional("resetDownstream", Flag(), "Derivatives that have read it start over."),
           Optional("dryRun", Flag(), "Only counts."),
       })},
      {"CompactionReport",
       Record({
           Required("outcome", OneOf({"compacted", "planned", "upToDate"}),
                    "`planned`: of a dry run; `upToDate`: there was nothing to merge."),
           Required("oldBlocks", Integer(), "There were."),
           Required("newBlocks", Integer(), "There are."),
           Required("oldSlices", Integer(), "There were."),
           Required("newSlices", Integer(), "There are."),
           Required("oldHead", Text(), "The newest block before."),
           Required("newHead", Text(), "The newest block now."),
           Required("reset", ListOf(Text()), "Derivatives that start over."),
       })},
  };
}

}  // namespace weir::api
