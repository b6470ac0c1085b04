#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/commands/dataset_target.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(Client* const client, session.client());
  const bool trusted = !arguments.Has("revoke");
  const std::string name = arguments.Text("NAME");
  ASSIGN_OR_RETURN(const boost::json::object answer,
                   CallObject(*client, session.Brief(),
                              {.method = api::Method::kPost,
                               .path = DatasetPath(name, "/trust"),
                               .query = WorkspaceQuery(arguments),
                               .body = boost::json::object{{"trusted", trusted}}}));
  session.Say(fmt::format("the sources of {} {}", std::string(answer.at("name").as_string()),
                          trusted ? "may run here" : "do not run here"));
  return ExitCode::kOk;
}

}  // namespace

Command TrustCommand() {
  return {.name = "trust",
          .summary = "let the sources of a pulled dataset run here",
          .description =
              "A chain that was pulled may tell to fetch addresses and to run commands. Nothing of "
              "it is done until you have looked at its sources (`weir get dataset NAME -o yaml`) "
              "and said so.",
          .arguments = {DatasetArgument()},
          .flags = {{.name = "revoke", .sentence = "no longer"}, WorkspaceFlag()},
          .examples = {{"weir trust population", ""}},
          .run = Run};
}

}  // namespace weir::cli
