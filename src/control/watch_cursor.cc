#include "control/watch_cursor.h"

#include <utility>

namespace weir::control {

void ReadyCallback::Set(std::function<void()> ready) {
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return !caller_ || *caller_ == std::this_thread::get_id(); });
  ready_ = std::move(ready);
}

void ReadyCallback::Call() {
  std::function<void()> ready;
  {
    const std::lock_guard lock(mutex_);
    if (!ready_) return;
    ready = ready_;
    caller_ = std::this_thread::get_id();
  }
  ready();
  const std::lock_guard lock(mutex_);
  caller_.reset();
  done_.notify_all();
}

bool ReadyCallback::IsSet() const {
  const std::lock_guard lock(mutex_);
  return static_cast<bool>(ready_);
}

}  // namespace weir::control
