#pragma once

#include <boost/json/object.hpp>

#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/work_call.h"

namespace weir::cli {

/// Sends a pull or a push of a dataset, shows how far it is, and prints what it did.
Result<ExitCode> RunTransfer(const Arguments& arguments, Session& session, Call call,
                             const std::string& what);

}  // namespace weir::cli
