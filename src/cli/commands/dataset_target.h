#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cli/targets.h"

namespace weir::cli {

/// NAME of a dataset.
Argument DatasetArgument();

/// /api/datasets/NAME and what follows.
std::string DatasetPath(std::string_view name, std::string_view tail);

/// The query that names the workspace of -w, if it was given.
std::vector<std::pair<std::string, std::string>> WorkspaceQuery(const Arguments& arguments);

/// An address as a server understands it, which may stand in another directory than whoever types
/// the command: a path becomes absolute.
std::string RepositoryUrl(const std::string& typed);

}  // namespace weir::cli
