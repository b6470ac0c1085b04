#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/session.h"

namespace weir::cli {

/// Whether the dataset has a source that is asked, and not one that is pushed to.
bool HasPollingSource(const boost::json::object& resource);

/// `weir pull NAME... | --all`: reads polling sources, and brings everything downstream up to date;
/// without names everything in the workspace. One that fails keeps only what depends on it from
/// being done.
Result<ExitCode> PullSources(const Arguments& arguments, Session& session,
                             const std::vector<std::string>& names);

}  // namespace weir::cli
