#pragma once

#include <boost/json/object.hpp>
#include <vector>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/session.h"

namespace weir::cli {

/// -f, -R and --disable-interpolation, for the commands that take manifests.
std::vector<Flag> ManifestFlags();

/// The body of a request with what those flags name: `documents` and `attachments`, with variables
/// filled in from the caller's environment. kInvalid when nothing is named, or a variable is not
/// set.
Result<boost::json::object> ReadManifests(const Arguments& arguments, Session& session);

}  // namespace weir::cli
