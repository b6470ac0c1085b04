#pragma once

#include <chrono>
#include <thread>

#include "base/log.h"
#include "net/server_tls.h"

namespace weir::http {

/// Looks at a certificate's files every so often and has them read anew when they were written, so
/// that a renewed certificate needs no restart. A bad pair is logged once, and the old one stays.
class TlsWatch {
 public:
  TlsWatch(net::ServerTls& tls, std::chrono::milliseconds interval, Logger& log);

 private:
  void Run(const std::stop_token& stop);

  net::ServerTls& tls_;
  const std::chrono::milliseconds interval_;
  Logger& log_;
  std::jthread thread_;  // last: it uses the rest
};

}  // namespace weir::http
