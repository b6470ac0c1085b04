#pragma once

#include "net/edge.h"

namespace weir::net {

/// Where one coroutine waits until something happened; it then looks for itself what. Belongs to
/// its I/O thread. Only for sources of net/.
class Gate {
 public:
  explicit Gate(Executor executor) : timer_(executor) {}

  void Open() {
    open_ = true;
    timer_.cancel();
  }

  /// Returns when Open was called since the last Wait, or at `until`.
  Awaitable<void> Wait(Timer::time_point until = Timer::time_point::max()) {
    if (!open_) {
      timer_.expires_at(until);
      co_await timer_.async_wait(kAwait);
    }
    open_ = false;
  }

 private:
  Timer timer_;
  bool open_ = false;
};

}  // namespace weir::net
