#pragma once

namespace weir::cli {

/// From now on Ctrl-C (and SIGTERM) ends the process with 130, as documented. What a command may
/// leave behind at such a moment is what kill -9 may leave: nothing half-visible.
void ExitOnInterrupt();

}  // namespace weir::cli
