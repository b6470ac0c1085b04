#pragma once

#include <atomic>

#include "base/worker_pool.h"
#include "net/http_limits.h"
#include "net/http_service.h"

namespace weir::net {

/// What all connections of a server share.
struct HttpConnectionParts {
  const HttpLimits& limits;
  HttpService& service;
  WorkerPool& workers;
  const std::atomic<bool>& draining;
};

}  // namespace weir::net
