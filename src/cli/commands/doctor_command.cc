#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/commands/resource_calls.h"
#include "cli/records.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

const Shape& FindingShape() {
  static const Shape shape{
      .columns = {{.title = "SEVERITY", .cell = At("severity"), .status = true},
                  {.title = "CHECK", .cell = At("check")},
                  {.title = "FINDING", .cell = At("message")},
                  {.title = "FIX", .cell = At("fix")}},
      .name = At("check")};
  return shape;
}

const Shape& RebuiltShape() {
  static const Shape shape{.columns = {{.title = "DATASET", .cell = At("name")},
                                       {.title = "BLOCKS", .cell = At("blocks")},
                                       {.title = "SLICES", .cell = At("slices")},
                                       {.title = "RECORDS", .cell = At("records")}},
                           .name = At("name")};
  return shape;
}

// The names given, or those of all datasets of the workspace.
Result<std::vector<std::string>> DatasetsToRebuild(const Arguments& arguments, Session& session) {
  std::vector<std::string> names = arguments.All("DATASET");
  if (!names.empty()) return names;
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const std::string workspace = arguments.Text("workspace");
  ASSIGN_OR_RETURN(const Listed listed,
                   ListAll(*client, session.Long(),
                           {.path = "/api/resources",
                            .query = {{"type", "dataset"},
                                      {"workspace", workspace.empty() ? "public" : workspace}}}));
  for (const Record& dataset : listed.items) names.push_back(At("name")(dataset));
  return names;
}

Result<ExitCode> RebuildIndex(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const auto names, DatasetsToRebuild(arguments, session));
  std::vector<Record> rebuilt;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(Record record,
                     CallWork(session,
                              {.method = api::Method::kPost,
                               .path = DatasetPath(name, "/rebuild-index"),
                               .query = WorkspaceQuery(arguments)},
                              "reading the chain of " + name,
                              [](const json::object&, auto) { return std::string(); }));
    record["name"] = name;
    rebuilt.push_back(std::move(record));
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               RebuiltShape(), rebuilt, Plural::kList);
  return ExitCode::kOk;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  if (arguments.Has("rebuild-index")) return RebuildIndex(arguments, session);
  if (!arguments.All("DATASET").empty()) {
    return Invalid("doctor takes a dataset only with --rebuild-index");
  }
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer,
                   CallObject(*client, session.Brief(), {.path = "/api/doctor"}));
  std::vector<Record> findings;
  for (const json::value& finding : answer.at("findings").as_array()) {
    findings.push_back(finding.as_object());
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               FindingShape(), findings, Plural::kList);
  const bool sick = std::ranges::any_of(
      findings, [](const Record& finding) { return At("severity")(finding) == "error"; });
  return sick ? ExitCode::kFailed : ExitCode::kOk;
}

}  // namespace

Command DoctorCommand() {
  return {
      .name = "doctor",
      .summary = "look the home over, and say how to mend what is wrong",
      .description = "The exit code is 1 when something is wrong; a warning alone is 0.",
      .arguments = {{.name = "DATASET",
                     .sentence = "whose index is rebuilt; all datasets of the workspace without",
                     .repeated = true,
                     .completes = Completes::kNames}},
      .flags = {{.name = "rebuild-index",
                 .sentence = "forget what the home knows of chains, and read them again from "
                             "their repositories"},
                WorkspaceFlag(),
                OutputFlag()},
      .run = Run};
}

}  // namespace weir::cli
