#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/manifest_input.h"
#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

std::string Place(const Record& finding) {
  const std::string line = At("line")(finding);
  return At("source")(finding) + (line.empty() ? "" : ":" + line);
}

const Shape& FindingShape() {
  static const Shape shape{.columns = {{.title = "VERDICT", .cell = At("verdict"), .status = true},
                                       {.title = "TYPE", .cell = At("type")},
                                       {.title = "NAME", .cell = At("name")},
                                       {.title = "PLACE", .cell = Place},
                                       {.title = "FINDING", .cell = At("message")}},
                           .name = [](const Record& finding) {
                             return At("type")(finding) + "/" + At("name")(finding);
                           }};
  return shape;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(json::object body, ReadManifests(arguments, session));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer, CallObject(*client, session.Brief(),
                                                         {.method = api::Method::kPost,
                                                          .path = "/api/lint",
                                                          .body = json::value(std::move(body))}));
  std::vector<Record> findings;
  for (const json::value& finding : answer.at("findings").as_array()) {
    findings.push_back(finding.as_object());
  }
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               FindingShape(), findings, Plural::kList);
  const auto applies = [](const Record& one) { return At("verdict")(one) == "applies"; };
  if (std::ranges::all_of(findings, applies)) return ExitCode::kOk;
  return std::ranges::any_of(findings, applies) ? ExitCode::kPartial : ExitCode::kFailed;
}

}  // namespace

Command LintCommand() {
  std::vector<Flag> flags = ManifestFlags();
  flags.push_back(OutputFlag());
  return {.name = "lint",
          .summary = "say of manifests whether they would apply",
          .description =
              "Reads DataOS manifests too, and says of each: applies, or which kind or key is not "
              "here yet, or what is wrong. The exit code is 0 when all of them apply, 6 when some "
              "do, 1 when none does.",
          .arguments = {{.name = "PATH",
                         .sentence = "a file or directory, as with -f",
                         .repeated = true,
                         .completes = Completes::kFiles}},
          .flags = std::move(flags),
          .examples = {{"weir lint -R manifests", ""}},
          .run = Run};
}

}  // namespace weir::cli
