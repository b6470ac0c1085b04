#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/session.h"

namespace weir::cli {

/// Tells what checks did to the rows of a report of an ingest or a poll: how many rows of `dataset`
/// are in quarantine, and what is only warned of. Nothing where they had no reason to.
void TellOfChecks(Session& session, const std::string& dataset, const boost::json::object& report);

/// The checks of a dataset and what came of them, as a table; nothing of other resources.
void WriteChecks(Output& out, const Terminal& terminal, const boost::json::object& resource);

}  // namespace weir::cli
