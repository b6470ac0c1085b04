#pragma once

#include <csignal>

namespace weir::server {

/// The signals a server is steered by, blocked in the thread that makes this and in those it starts
/// later, so that they wait here.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// SIGTERM, SIGINT or SIGHUP, when one comes.
  int Wait();

  /// From now on another SIGTERM or SIGINT ends the process at once: whoever sends it twice does
  /// not want to wait for the drain.
  void Release();

 private:
  sigset_t set_;
  sigset_t before_;
};

}  // namespace weir::server
