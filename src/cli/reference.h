#pragma once

#include <map>
#include <string>

#include "cli/command.h"

namespace weir::cli {

/// docs/reference/cli.md: every command, its arguments, flags and examples.
std::string CliReference(const Command& root);

/// docs/reference/exit-codes.md.
std::string ExitCodeReference();

/// The man pages by file name: weir.1, weir-apply.1, weir-backup-create.1.
std::map<std::string, std::string> ManPages(const Command& root);

}  // namespace weir::cli
