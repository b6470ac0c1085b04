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

/// `weir pull NAME... | --all`: reads the polling sources of the datasets. One that fails does not
/// keep the others from being read.
Result<ExitCode> PullSources(const Arguments& arguments, Session& session,
                             const std::vector<std::string>& names);

/// The datasets of the workspace that have a source to pull from, and run it here.
Result<std::vector<std::string>> NamesWithSources(const Arguments& arguments, Session& session);

}  // namespace weir::cli
