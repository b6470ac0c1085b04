#include "cli/commands/command_tree.h"

#include "cli/commands/commands.h"
#include "cli/session.h"

namespace weir::cli {

Command CommandTree() {
  return {.name = "weir",
          .summary = "a data platform in one program",
          .description =
              "A command talks to the server that --server names, else to the one that has "
              "the home, else it opens the home itself: it does the same either way.",
          .flags = GlobalFlags(),
          .examples = {{"weir serve", "serve the home .weir on 127.0.0.1:8080"},
                       {"weir apply -f hello.yaml", "make true what a manifest declares"},
                       {"weir get all", "see what there is"},
                       {"weir sql -c 'SELECT * FROM orders'", "ask"}},
          .commands = {ServeCommand(),   ApplyCommand(),      DiffCommand(),     LintCommand(),
                       GetCommand(),     DescribeCommand(),   ExplainCommand(),  HistoryCommand(),
                       RenameCommand(),  RollbackCommand(),   DeleteCommand(),   UndeleteCommand(),
                       WaitCommand(),    IngestCommand(),     PullCommand(),     PushCommand(),
                       SqlCommand(),     TailCommand(),       ExportCommand(),   LogCommand(),
                       InspectCommand(), VerifyCommand(),     RevertCommand(),   RebuildCommand(),
                       ResetCommand(),   CompactCommand(),    TrustCommand(),    DuCommand(),
                       PackCommand(),    GcCommand(),         StatusCommand(),   StopCommand(),
                       DoctorCommand(),  ConfigCommand(),     LogLevelCommand(), BackupCommand(),
                       ControlCommand(), CompletionCommand(), VersionCommand(),  DocsCommand(),
                       ImportCommand(),  CompleteCommand()}};
}

}  // namespace weir::cli
