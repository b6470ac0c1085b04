#include "server/stop_signals.h"

#include <cerrno>

#include "base/check.h"

namespace weir::server {

StopSignals::StopSignals() {
  sigemptyset(&set_);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
  WEIR_CHECK(::pthread_sigmask(SIG_BLOCK, &set_, &before_) == 0);
}

StopSignals::~StopSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int StopSignals::Wait() {
  int signal = 0;
  while (::sigwait(&set_, &signal) != 0) {
    WEIR_CHECK(errno == EINTR);
  }
  return signal;
}

void StopSignals::Release() {
  for (const int signal : {SIGTERM, SIGINT}) ::signal(signal, SIG_DFL);
  sigset_t released;
  sigemptyset(&released);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&released, signal);
  ::pthread_sigmask(SIG_UNBLOCK, &released, nullptr);
}

}  // namespace weir::server
