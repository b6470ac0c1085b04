#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/guarded_by.h"
#include "net/http_limits.h"

namespace weir::net {

/// Counts open connections, all and by peer, and says when there is no room. Thread-safe.
class ConnectionRoom {
 public:
  explicit ConnectionRoom(const HttpLimits& limits) : limits_(limits) {}

  /// Takes a place for `host`; false when all, or all of that host, are taken.
  bool Enter(const std::string& host);
  void Leave(const std::string& host);
  std::size_t open() const;

 private:
  const HttpLimits& limits_;
  mutable std::mutex mutex_;
  std::size_t open_ WEIR_GUARDED_BY(mutex_) = 0;
  std::unordered_map<std::string, std::size_t> by_host_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::net
