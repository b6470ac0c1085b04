#include "wire/http/tls_watch.h"

#include <condition_variable>
#include <mutex>

namespace weir::http {

TlsWatch::TlsWatch(net::ServerTls& tls, std::chrono::milliseconds interval, Logger& log)
    : tls_(tls),
      interval_(interval),
      log_(log),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void TlsWatch::Run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  while (!never.wait_for(lock, stop, interval_, [] { return false; }) && !stop.stop_requested()) {
    const Result<bool> changed = tls_.ReloadIfChanged();
    if (!changed) {
      log_.Error("tls_reload_failed", changed.error());
    } else if (*changed) {
      log_.Info("tls_reloaded", {{"fingerprint", tls_.fingerprint()}});
    }
  }
}

}  // namespace weir::http
