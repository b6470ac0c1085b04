#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/session.h"

/// What commands have in common that take history from a dataset for good.
namespace weir::cli {

Flag YesFlag();

/// kInvalid unless --yes or --dry-run was given.
Status CheckSaidSo(const Arguments& arguments, const std::string& name);

/// Says which derivatives cannot go on, and what to do.
void SayDiverged(Session& session, const boost::json::object& report);

}  // namespace weir::cli
