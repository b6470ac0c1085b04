#pragma once

#include <boost/json/object.hpp>

#include "cli/records.h"
#include "cli/session.h"

namespace weir::cli {

/// Prints an answer of the form `{changes, revision, dryRun}`: a record for each resource, and the
/// notes as messages. As a table, a dry run shows each field that would change.
void PrintChanges(Session& session, Format format, const boost::json::object& answer);

}  // namespace weir::cli
