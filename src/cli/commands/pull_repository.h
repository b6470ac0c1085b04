#pragma once

#include "cli/arguments.h"
#include "cli/session.h"

namespace weir::cli {

/// `weir pull URL --as NAME`: brings a dataset from a repository. Also `weir pull NAME` for one
/// that came from a repository: an empty `url` means the one it came from.
Result<ExitCode> PullRepository(const Arguments& arguments, Session& session,
                                const std::string& name, const std::string& url);

/// Whether a word of the command line is the address of a repository, and no dataset's name.
bool IsRepositoryUrl(const std::string& word);

}  // namespace weir::cli
