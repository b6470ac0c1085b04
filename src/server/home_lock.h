#pragma once

#include <chrono>
#include <memory>

#include "base/result.h"
#include "control/process_lock.h"
#include "server/home_directory.h"

namespace weir::server {

/// Takes the lock of a home, waiting up to `patience` for another process to let go of it.
/// kConflict names that process.
Result<std::unique_ptr<control::ProcessLock>> LockHome(const HomePaths& paths,
                                                       std::chrono::milliseconds patience);

}  // namespace weir::server
