#include "api/block_reference.h"
#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/ingest_answer.h"
#include "api/routes.h"
#include "pipelines/revert/revert.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

Result<pipelines::RevertRequest> RequestOf(const Services& services, const Call& call,
                                           const odf::DatasetId& id) {
  const auto to = TextIn(call.body, "to");
  const auto commit = TextIn(call.body, "commit");
  if (to.has_value() == commit.has_value()) {
    return Invalid("a revert goes either `to` a block or time, or undoes one `commit`");
  }
  pipelines::RevertRequest request{.dataset = id, .is_dry_run = FlagIn(call.body, "dryRun")};
  request.undo = to ? pipelines::Undo::kAllAfter : pipelines::Undo::kOnly;
  ASSIGN_OR_RETURN(request.block,
                   BlockNumber(services, call.context, id, to ? *to : *commit, to.has_value()));
  return request;
}

Outcome PostRevert(const Services& services, const Call& call) {
  const auto entry = WorkspaceDatasetOf(services, call);
  if (!entry) return entry.error();
  const auto request = RequestOf(services, call, entry->id);
  if (!request) return request.error();
  const auto report = services.reverter.Run(call.context, *request);
  if (!report) return ProblemOfIngest(report.error());
  json::object answer = ToJson(report->block);
  if (request->is_dry_run && report->block.rows > 0) answer["outcome"] = "planned";
  answer["block"] = request->block;
  answer["appended"] = report->appended;
  answer["retracted"] = report->retracted;
  answer["corrected"] = report->corrected;
  return JsonResponse(answer);
}

}  // namespace

std::vector<Route> RevertRoutes() {
  return {
      {.method = Method::kPost,
       .path = "/api/{workspace}/{dataset}/revert",
       .action = "dataset:revert",
       .tag = "Datasets",
       .summary = "Takes back what was loaded into a dataset, by one more block.",
       .description =
           "Retractions, corrections and appends bring the rows back to what they were; history "
           "stays, and so do the watermark and where the sources stand. A single block is undone "
           "when no later one has changed or taken its rows: the problem names the row and the "
           "block. Derivatives follow with the next pull, and are not reverted themselves. Checks "
           "of the "
           "dataset refuse what they would not have let in.",
       .parameters = WorkspaceDatasetParameters(),
       .body = RequestBody{.schema = Ref("RevertRequest"), .description = "What to take back."},
       .answers = {{.description = "What became of it.", .schema = Ref("RevertReport")}},
       .problems = {404, 409, 429, 507},
       .handler = PostRevert},
  };
}

boost::json::object RevertSchemas() {
  const auto which = Text({.min = 1, .max = 256, .shape = &kVisible});
  return {
      {"RevertRequest",
       Object({
           Optional("to", which,
                    "The block after which everything is undone: its number or hash, or a time "
                    "(RFC 3339) at which it was the newest."),
           Optional("commit", which, "The block that alone is undone: its number or hash."),
           Optional("dryRun", Flag(), "Only counts."),
       })},
      {"RevertReport",
       Record({
           Required("outcome", OneOf({"committed", "planned", "upToDate"}),
                    "`planned`: of a dry run; `upToDate`: the rows are what they were."),
           Required("block", Integer(), "The number of the block that was asked for."),
           Required("rows", Integer(), "Of the new block, two for each correction."),
           Required("appended", Integer(), "Rows that had gone."),
           Required("retracted", Integer(), "Rows that had come."),
           Required("corrected", Integer(), "Rows that had changed."),
           Required("oldHead", Text(), "The newest block before."),
           Required("newHead", Text(), "The newest block now."),
           Optional("lastOffset", Integer(), "Of the newest row."),
           Optional("watermark", Time(), "Up to which event time the data is said to be complete."),
           Optional("warnings", ListOf(Text()), "What checks that only warn have found."),
       })},
  };
}

}  // namespace weir::api
