#include <boost/json/array.hpp>

#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/history_loss.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& ResetShape() {
  static const Shape shape{
      .columns = {{.title = "DATASET", .cell = At("dataset")},
                  {.title = "OUTCOME", .cell = At("outcome")},
                  {.title = "BLOCKS", .cell = At("blocks")},
                  {.title = "RECORDS", .cell = At("records")},
                  {.title = "HEAD", .cell = At("newHead"), .shown = Column::Shown::kWide}},
      .name = At("dataset")};
  return shape;
}

std::string ResetLine(const json::object&, std::chrono::duration<double>) { return "resetting"; }

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const std::string name = arguments.Text("NAME");
  RETURN_IF_ERROR(CheckSaidSo(arguments, name));
  json::object body{{"dryRun", arguments.Has("dry-run")},
                    {"downstream", arguments.Has("downstream")}};
  if (arguments.Has("to")) body["to"] = arguments.Text("to");
  ASSIGN_OR_RETURN(const json::object report, CallWork(session,
                                                       {.method = api::Method::kPost,
                                                        .path = DatasetPath(name, "/reset"),
                                                        .query = WorkspaceQuery(arguments),
                                                        .body = std::move(body)},
                                                       "resetting " + name, ResetLine));
  SayDiverged(session, report);
  std::vector<Record> records;
  for (const json::value& each : report.at("datasets").as_array()) {
    records.push_back(each.as_object());
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")), ResetShape(),
               records, Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command ResetCommand() {
  return {
      .name = "reset",
      .summary = "take what history a dataset has after a block, or start a derivative over",
      .description =
          "A derivative keeps what says how it is made and none of its data: the next `weir pull` "
          "computes it anew. It is what helps when the history of an input was replaced.\n\n"
          "With --to the head goes back to a block, and what came after it is not part of the "
          "dataset any more. `weir revert` takes rows back and keeps history; a reset is for what "
          "must not be kept. Objects that nothing leads to any more go with `weir gc`.\n\n"
          "Derivatives that have read what was taken cannot go on from there; with --downstream "
          "they start over too, otherwise they are named.",
      .arguments = {DatasetArgument()},
      .flags = {{.name = "to",
                 .value = "BLOCK|TIME",
                 .sentence = "the last block to keep: its number, its hash, or a time after it"},
                {.name = "downstream", .sentence = "start derivatives over that have read it"},
                {.name = "dry-run", .sentence = "only say what would be taken"},
                YesFlag(),
                WorkspaceFlag(),
                OutputFlag()},
      .examples = {{"weir reset delays --yes", "its input went another way"},
                   {"weir reset sales --to 6 --dry-run", ""},
                   {"weir reset sales --to 6 --downstream --yes", ""}},
      .run = Run};
}

}  // namespace weir::cli
