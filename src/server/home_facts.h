#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "api/server_facts.h"
#include "base/guarded_by.h"
#include "base/log.h"
#include "control/store.h"
#include "server/config.h"
#include "server/doctor.h"
#include "server/home_directory.h"

namespace weir::server {

/// What this process is and how it stands, for the handlers. Thread-safe.
class HomeFacts : public api::ServerFacts {
 public:
  struct Parts {
    HomePaths paths;
    server::Config config;
    control::Store& store;
    const Clock& clock;
    Files& files;
    Logger& log;
  };

  explicit HomeFacts(Parts parts);

  api::Phase phase() const override { return phase_.load(std::memory_order_relaxed); }
  api::ServerStatus Facts() const override;
  std::vector<api::ConfigEntry> Config() const override;
  Result<std::vector<api::Finding>> Diagnose(const Context& context) override;
  Status RequestStop() override;
  LogLevel log_level() const override { return parts_.log.level(); }
  void SetLogLevel(LogLevel level) override;

  void SetPhase(api::Phase phase) { phase_.store(phase, std::memory_order_relaxed); }
  /// Makes this a server: it has doors, and can be asked to stop.
  void SetDoors(std::vector<api::DoorAddress> doors);
  /// What a reload has changed.
  void SetConfig(std::vector<api::ConfigEntry> entries);

 private:
  const Parts parts_;
  const Timestamp started_;
  const SteadyTime started_steady_;
  std::atomic<api::Phase> phase_{api::Phase::kStarting};
  mutable std::mutex mutex_;
  std::vector<api::DoorAddress> doors_ WEIR_GUARDED_BY(mutex_);
  std::vector<api::ConfigEntry> entries_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace weir::server
