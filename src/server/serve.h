#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "server/config.h"
#include "server/home_directory.h"

namespace weir::server {

struct ServeOptions {
  HomePaths paths;
  ConfigSources sources = {};
  std::optional<Timestamp> system_time = {};  ///< civil time stands still here
  std::string notify_socket = {};             ///< NOTIFY_SOCKET, or empty
};

/// Serves the home until SIGTERM, SIGINT or a request to stop, then lets the running requests
/// finish; SIGHUP reads TLS files and log level again. Returns when everything is stopped. To be
/// called before any other thread runs: the signals are blocked for all of them.
Status Serve(const ServeOptions& options);

}  // namespace weir::server
