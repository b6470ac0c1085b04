#include "server/home_lock.h"

#include <thread>

namespace weir::server {

Result<std::unique_ptr<control::ProcessLock>> LockHome(const HomePaths& paths,
                                                       std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kPause{20};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const std::string what = "home " + paths.root.string();
  while (true) {
    auto lock = control::ProcessLock::Acquire(paths.lock(), what);
    const bool busy = !lock && lock.error().code == ErrorCode::kConflict;
    if (!busy || std::chrono::steady_clock::now() >= deadline) return lock;
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace weir::server
