#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/resource_calls.h"
#include "cli/commands/resource_shape.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

Result<ExitCode> Run(const Arguments& arguments, Session& session) {
  ASSIGN_OR_RETURN(const Target target, TargetOf(arguments));
  ASSIGN_OR_RETURN(Client* const client, session.client());
  ASSIGN_OR_RETURN(const Listed versions, ListAll(*client, session.Brief(),
                                                  {.path = target.Path("/history"),
                                                   .query = {{"workspace", target.workspace}}}));
  PrintRecords(session.out(), session.terminal(), FormatOf(arguments.Text("output")),
               VersionShape(), versions.items, Plural::kList);
  return ExitCode::kOk;
}

}  // namespace

Command HistoryCommand() {
  std::vector<Flag> flags = TargetFlags();
  flags.push_back(OutputFlag());
  return {.name = "history",
          .summary = "list every version of a resource, the newest first",
          .description =
              "Also of a resource that was deleted. `weir get KIND NAME --at REV` shows "
              "one of them, `weir rollback` brings it back.",
          .arguments = TargetArguments("the name"),
          .flags = std::move(flags),
          .examples = {{"weir history secret db", ""}},
          .run = Run};
}

}  // namespace weir::cli
