#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "cli/terminal.h"

namespace weir::cli {

/// While it lives, and once half a second has passed, a line on stderr says what is waited for and
/// for how long; it is gone afterwards. Only on a terminal, and only around a wait in which nothing
/// else is printed.
class Progress {
 public:
  Progress(const Terminal& terminal, std::string what);
  /// `what` is asked again and again, with the time that has passed; it ends with its own clock.
  Progress(const Terminal& terminal, std::function<std::string(std::chrono::milliseconds)> what);
  ~Progress();
  /// What is shown from now on; any thread may say it.
  void Say(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void Show(const std::stop_token& done);

  std::function<std::string(std::chrono::milliseconds)> tell_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::optional<std::jthread> thread_;  // last: it uses the others
};

}  // namespace weir::cli
