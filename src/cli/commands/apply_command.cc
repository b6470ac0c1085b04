#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/changes.h"
#include "cli/commands/commands.h"
#include "cli/manifest_input.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

Result<ExitCode> Send(const Arguments& arguments, Session& session, const std::string& path) {
  ASSIGN_OR_RETURN(json::object body, ReadManifests(arguments, session));
  if (arguments.Has("workspace")) body["workspace"] = arguments.Text("workspace");
  if (arguments.Has("dry-run")) body["dryRun"] = true;
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const json::object answer, CallObject(*client, session.Brief(),
                                                         {.method = api::Method::kPost,
                                                          .path = path,
                                                          .body = json::value(std::move(body))}));
  PrintChanges(session, FormatOf(arguments.Text("output")), answer);
  return ExitCode::kOk;
}

Flag WorkspaceFlag() {
  return {.name = "workspace",
          .letter = 'w',
          .value = "WORKSPACE",
          .sentence = "the workspace of manifests that do not say theirs; public otherwise"};
}

}  // namespace

Command ApplyCommand() {
  std::vector<Flag> flags = ManifestFlags();
  flags.push_back(WorkspaceFlag());
  flags.push_back({.name = "dry-run", .sentence = "only show what would change"});
  flags.push_back(OutputFlag());
  return {
      .name = "apply",
      .summary = "make true what manifests declare, all or nothing",
      .description =
          "Everything given is one change: either all of it holds afterwards, or, if anything is "
          "wrong, nothing was touched. What depends on something else comes after it, in whatever "
          "order it was given. Says of each resource whether it was created, configured or "
          "unchanged.",
      .flags = std::move(flags),
      .examples = {{"weir apply -f hello.yaml", ""},
                   {"weir apply -R -f manifests", "a directory and those in it"},
                   {"generate | weir apply -f -", "from standard input"},
                   {"weir apply -f hello.yaml --dry-run", "see first what would change"}},
      .run = [](const Arguments& arguments, Session& session) {
        return Send(arguments, session, "/api/apply");
      }};
}

Command DiffCommand() {
  std::vector<Flag> flags = ManifestFlags();
  flags.push_back(WorkspaceFlag());
  flags.push_back(OutputFlag());
  return {.name = "diff",
          .summary = "show, field by field, what applying manifests would change",
          .flags = std::move(flags),
          .examples = {{"weir diff -R -f manifests", ""}},
          .run = [](const Arguments& arguments, Session& session) {
            return Send(arguments, session, "/api/diff");
          }};
}

}  // namespace weir::cli
