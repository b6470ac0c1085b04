#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "api/handler.h"
#include "base/files.h"
#include "base/log.h"
#include "base/metrics.h"
#include "server/config.h"
#include "server/home_directory.h"
#include "server/home_facts.h"

namespace weir::server {

/// A home that this process owns: everything is made and joined, and the handlers answer. The same
/// for `weir serve`, which puts doors before it, and for a command that works on the home itself.
class Home {
 public:
  struct Options {
    HomePaths paths;
    Config config;
    Files& files;
    const Clock& clock;
    Logger& log;
    /// How long to wait for another process to let go of the home; commands come and go quickly.
    std::chrono::milliseconds patience{0};
    /// Whether clients of a network door will need run/token.
    bool has_token_file = false;
  };

  /// Locks the home, prepares its directory, opens the store and joins everything (wiring.cc).
  /// kConflict names the process that has the home; kUnimplemented, that a newer weir made it.
  static Result<std::unique_ptr<Home>> Open(Options options);

  virtual ~Home() = default;

  virtual api::Handler& handler() = 0;
  virtual MetricRegistry& metrics() = 0;
  virtual HomeFacts& facts() = 0;
};

}  // namespace weir::server
