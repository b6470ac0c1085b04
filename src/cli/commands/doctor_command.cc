#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/records.h"
#include "cli/session.h"

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

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
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
  return {.name = "doctor",
          .summary = "look the home over, and say how to mend what is wrong",
          .description = "The exit code is 1 when something is wrong; a warning alone is 0.",
          .flags = {OutputFlag()},
          .run = Run};
}

}  // namespace weir::cli
