#include <boost/json/array.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& RebuiltShape() {
  static const Shape shape{.columns = {{.title = "DATASETS", .cell = At("datasets")},
                                       {.title = "CHECKED", .cell = At("checked")},
                                       {.title = "BLOCKS", .cell = At("blocks")},
                                       {.title = "SLICES", .cell = At("slices")},
                                       {.title = "RECORDS", .cell = At("records")}},
                           .name = At("datasets")};
  return shape;
}

std::string RebuiltLine(const json::object& progress, std::chrono::duration<double> /*taken*/) {
  const Record now(progress);
  return fmt::format("{} slices checked, {} computed again, {} records", At("checked")(now),
                     At("slices")(now), At("records")(now));
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::vector<std::string> names = arguments.All("NAME");
  if (names.empty() != arguments.Has("all")) {
    return Invalid("give the names of derivatives, or --all");
  }
  json::object body;
  if (!names.empty()) body["datasets"] = json::array(names.begin(), names.end());
  ASSIGN_OR_RETURN(
      Record rebuilt,
      CallWork(session,
               {.method = api::Method::kPost,
                .path = fmt::format("/api/{}/rebuild", Escaped(arguments.Text("workspace"))),
                .body = std::move(body)},
               names.size() == 1 ? "rebuilding " + names.front() : "rebuilding derivatives",
               RebuiltLine));
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               RebuiltShape(), {std::move(rebuilt)}, Plural::kSingle);
  return ExitCode::kOk;
}

}  // namespace

Command RebuildCommand() {
  return {
      .name = "rebuild",
      .summary = "compute lost or damaged parts of derivatives again",
      .description =
          "Looks at every slice of a derivative, computes those again that are not there or are "
          "not what was written, and puts back the blocks. Each is computed from the inputs that "
          "its block names, with the query that was in force then, and must have the hash it had, "
          "so the head stays the same. Derivatives that it is computed from are rebuilt before "
          "it.\n\n"
          "What is whole is left as it is: interrupted, run it again. So the place where "
          "derivatives are kept (datasets.derivatives) needs no backup. Roots cannot be computed: "
          "theirs does.",
      .arguments = {{.name = "NAME",
                     .sentence = "names of derivatives",
                     .repeated = true,
                     .completes = Completes::kNames}},
      .flags = {{.name = "all", .sentence = "every derivative of the workspace"},
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir rebuild delays", ""},
                   {"weir rebuild --all", "after their store was lost"}},
      .run = Run};
}

}  // namespace weir::cli
