#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/changes.h"
#include "cli/commands/commands.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  const Target target{
      .type = "dataset", .workspace = arguments.Text("workspace"), .name = arguments.Text("NAME")};
  boost::json::object body{{"to", arguments.Text("NEW")}};
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const boost::json::object answer,
                   CallObject(*client, session.Brief(),
                              {.method = api::Method::kPost,
                               .path = target.Path("/rename"),
                               .query = {{"workspace", target.workspace}},
                               .body = std::move(body)}));
  PrintChanges(session, FormatOf(arguments.Text("output")), answer);
  return ExitCode::kOk;
}

}  // namespace

Command RenameCommand() {
  return {.name = "rename",
          .summary = "give a dataset another name",
          .description =
              "It stays the same dataset, with its identity, its data and everything "
              "that is derived from it.",
          .arguments = {{.name = "NAME",
                         .sentence = "the dataset",
                         .required = true,
                         .completes = Completes::kNames},
                        {.name = "NEW", .sentence = "its new name", .required = true}},
          .flags = {WorkspaceFlag(), OutputFlag()},
          .examples = {{"weir rename orders sales", ""}},
          .run = Run};
}

}  // namespace weir::cli
