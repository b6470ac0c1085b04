#pragma once

#include "cli/command.h"

namespace weir::cli {

/// Every command of the program.
Command CommandTree();

}  // namespace weir::cli
