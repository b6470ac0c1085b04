#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <utility>

#include "base/result.h"

namespace weir::backup {

/// Lets several chunks be stored at once, as each waits for a disk's flush or a server's answer. A
/// thread for each is cheap beside that wait. One thread adds.
class Uploads {
 public:
  /// Runs `put` soon; waits while kAtOnce others run. Returns the error of one that failed before.
  Status Add(std::function<Status()> put) {
    if (running_.size() == kAtOnce) RETURN_IF_ERROR(TakeOldest());
    running_.push_back(std::async(std::launch::async, std::move(put)));
    return Ok();
  }

  /// Waits for all; the first error.
  Status Finish() {
    while (!running_.empty()) RETURN_IF_ERROR(TakeOldest());
    return Ok();
  }

 private:
  static constexpr std::size_t kAtOnce = 8;

  Status TakeOldest() {
    std::future<Status> oldest = std::move(running_.front());
    running_.pop_front();
    return oldest.get();
  }

  std::deque<std::future<Status>> running_;  // whose destructors wait
};

}  // namespace weir::backup
