#pragma once

#include "cli/command.h"

/// The commands, one per file; cli/command_tree.cc puts them together.
namespace weir::cli {

Command ApplyCommand();
Command BackupCommand();
Command CompactCommand();
Command CompleteCommand();
Command CompletionCommand();
Command ConfigCommand();
Command ControlCommand();
Command DeleteCommand();
Command DescribeCommand();
Command DiffCommand();
Command DocsCommand();
Command DoctorCommand();
Command DuCommand();
Command ExplainCommand();
Command ExportCommand();
Command GcCommand();
Command GetCommand();
Command HistoryCommand();
Command ImportCommand();
Command IngestCommand();
Command InspectCommand();
Command LintCommand();
Command LogCommand();
Command LogLevelCommand();
Command PackCommand();
Command PullCommand();
Command PushCommand();
Command RestoreCommand();  ///< a command of `weir backup`
Command RebuildCommand();
Command RenameCommand();
Command RollbackCommand();
Command ResetCommand();
Command RevertCommand();
Command ServeCommand();
Command SqlCommand();
Command StatusCommand();
Command StopCommand();
Command TailCommand();
Command TrustCommand();
Command UndeleteCommand();
Command VerifyCommand();
Command VersionCommand();
Command WaitCommand();

}  // namespace weir::cli
