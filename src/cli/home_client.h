#pragma once

#include <memory>

#include "base/context.h"
#include "cli/client.h"
#include "cli/session.h"

namespace weir::cli {

/// Opens the home and answers with its own handlers: the caller is the owner, by right of the file
/// system. kConflict when another process has the home.
Result<std::unique_ptr<Client>> OpenHomeClient(const Globals& globals, const Context& context);

}  // namespace weir::cli
