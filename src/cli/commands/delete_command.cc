#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/changes.h"
#include "cli/commands/commands.h"
#include "cli/manifest_input.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

// The ids of names on the command line; a workspace is written where it is not that of -w.
json::array IdsOf(const std::vector<Target>& targets, const std::string& workspace) {
  json::array ids;
  for (const Target& target : targets) {
    const bool usual = target.workspace == workspace;
    ids.push_back(json::value(
        usual ? target.ToString()
              : fmt::format("{} | v1 | {} | {}", target.name, target.type, target.workspace)));
  }
  return ids;
}

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  json::object body;
  if (arguments.Has("filename")) {
    ASSIGN_OR_RETURN(body, ReadManifests(arguments, session));
  }
  ASSIGN_OR_RETURN(const TargetWords words, ReadTargets(arguments));
  if (!words.targets.empty()) {
    body["ids"] = IdsOf(words.targets, arguments.Text("workspace"));
  }
  if (body.empty()) {
    return Invalid("which resource is meant?").WithHint("give KIND and NAME, or -f FILE");
  }
  if (arguments.Has("workspace")) body["workspace"] = arguments.Text("workspace");
  if (arguments.Has("cascade")) body["dependents"] = "delete";
  if (arguments.Has("dry-run")) body["dryRun"] = true;
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer, CallObject(*client, session.Brief(),
                                                         {.method = api::Method::kPost,
                                                          .path = "/api/delete",
                                                          .body = json::value(std::move(body))}));
  PrintChanges(session, FormatOf(arguments.Text("output")), answer);
  return ExitCode::kOk;
}

}  // namespace

Command DeleteCommand() {
  std::vector<Flag> flags = TargetFlags();
  const std::vector<Flag> manifests = ManifestFlags();
  flags.insert(flags.end(), manifests.begin(), manifests.end());
  flags.push_back({.name = "cascade", .sentence = "with everything that needs them"});
  flags.push_back({.name = "dry-run", .sentence = "only show what would go"});
  flags.push_back(OutputFlag());
  return {.name = "delete",
          .summary = "delete resources, all or nothing",
          .description =
              "What a bundle owns goes with it. While something that stays needs one of "
              "them, nothing is deleted, unless --cascade takes it too. The history "
              "stays, and `weir undelete` brings them back.",
          .arguments = TargetArguments("names"),
          .flags = std::move(flags),
          .examples = {{"weir delete secret db", ""},
                       {"weir delete -R -f manifests", "whatever these declare"}},
          .run = Run};
}

}  // namespace weir::cli
