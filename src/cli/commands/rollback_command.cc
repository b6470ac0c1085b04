#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/changes.h"
#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/targets.h"
#include "server/option_values.h"

namespace weir::cli {
namespace {

constexpr std::int64_t kMostVersions = 1'000'000'000'000;

Result<ExitCode> Rollback(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(arguments));
  if (!arguments.Has("to")) {
    return Invalid("which version is it to be?").WithHint("give --to REV; weir history lists them");
  }
  const auto version = server::ParseNumber(arguments.Text("to"), 1, kMostVersions);
  if (!version) return Invalid("--to: {}", version.error().message);
  boost::json::object body{{"version", *version}};
  if (arguments.Has("dry-run")) body["dryRun"] = true;
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const boost::json::object answer,
                   CallObject(*client, session.Brief(),
                              {.method = api::Method::kPost,
                               .path = target.Path("/rollback"),
                               .query = {{"workspace", target.workspace}},
                               .body = std::move(body)}));
  PrintChanges(session, FormatOf(arguments.Text("output")), answer);
  return ExitCode::kOk;
}

Result<ExitCode> Undelete(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(arguments));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const boost::json::object answer,
                   CallObject(*client, session.Brief(),
                              {.method = api::Method::kPost,
                               .path = target.Path("/undelete"),
                               .query = {{"workspace", target.workspace}}}));
  PrintChanges(session, FormatOf(arguments.Text("output")), answer);
  return ExitCode::kOk;
}

}  // namespace

Command RollbackCommand() {
  std::vector<Flag> flags = TargetFlags();
  flags.push_back({.name = "to", .value = "REV", .sentence = "the version that is to hold again"});
  flags.push_back({.name = "dry-run", .sentence = "only show what would change"});
  flags.push_back(OutputFlag());
  return {.name = "rollback",
          .summary = "apply an earlier version of a resource again",
          .description = "It becomes the newest version; those between stay in the history.",
          .arguments = TargetArguments("the name"),
          .flags = std::move(flags),
          .examples = {{"weir rollback secret db --to 2", ""}},
          .run = Rollback};
}

Command UndeleteCommand() {
  std::vector<Flag> flags = TargetFlags();
  flags.push_back(OutputFlag());
  return {.name = "undelete",
          .summary = "bring a deleted resource back, with what it owned",
          .arguments = TargetArguments("the name"),
          .flags = std::move(flags),
          .examples = {{"weir undelete secret db", ""}},
          .run = Undelete};
}

}  // namespace weir::cli
