#pragma once

#include <memory>

#include "base/context.h"
#include "cli/client.h"
#include "cli/session.h"

namespace weir::cli {

/// Whom a command talks to: the server of --server, else the one that listens on the home's socket,
/// else the handlers of the home inside this process (which then owns the home for as long as the
/// client lives).
Result<std::unique_ptr<Client>> Connect(const Globals& globals, const Context& context);

}  // namespace weir::cli
