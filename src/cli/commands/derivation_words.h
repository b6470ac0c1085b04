#pragma once

#include <boost/json/object.hpp>

#include "cli/output.h"
#include "cli/terminal.h"

namespace weir::cli {

/// How a derivative follows its inputs and how far it has come, as the API tells it (the schema
/// Derivation).
void WriteDerivation(Output& out, const Terminal& terminal, const boost::json::object& derivation);

}  // namespace weir::cli
