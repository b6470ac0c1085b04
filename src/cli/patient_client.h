#pragma once

#include <memory>

#include "cli/client.h"
#include "cli/terminal.h"

namespace weir::cli {

/// `client`, which shows that it waits while an answer takes its time.
std::unique_ptr<Client> ShowingProgress(std::unique_ptr<Client> client, const Terminal& terminal);

}  // namespace weir::cli
