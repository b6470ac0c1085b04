#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/backups.h"
#include "api/server_facts.h"

namespace weir::api {

/// A process that is what the test says.
class FakeServer : public ServerFacts {
 public:
  Phase phase() const override { return phase_now; }
  ServerStatus Facts() const override { return facts; }
  std::vector<ConfigEntry> Config() const override { return config; }
  Result<std::vector<Finding>> Diagnose(const Context& /*context*/) override { return findings; }
  Status RequestStop() override {
    stop_requested = true;
    return Ok();
  }
  LogLevel log_level() const override { return level; }
  void SetLogLevel(LogLevel wanted) override { level = wanted; }

  Phase phase_now = Phase::kReady;
  ServerStatus facts = {.version = "0.1.0",
                        .home = "/srv/weir",
                        .home_format = 1,
                        .store = "sqlite",
                        .revision = 7,
                        .pid = 42,
                        .uptime_seconds = 61,
                        .doors = {{"http", "http://127.0.0.1:8080"}}};
  std::vector<ConfigEntry> config = {
      {"http.listen", "127.0.0.1:8080", "default", "Where to listen."}};
  std::vector<Finding> findings = {{"home.format", "ok", "format 1", ""},
                                   {"keys.mode", "error", "others may read it", "chmod 600"}};
  LogLevel level = LogLevel::kInfo;
  bool stop_requested = false;
};

/// Backups that only remember where they went.
class FakeBackups : public Backups {
 public:
  Result<BackupReport> Create(const Context& /*context*/, const std::string& target,
                              const OnBackupProgress& /*on_progress*/) override {
    last_target = target;
    return BackupReport{.id = "b1", .revision = 7, .chunks = 3, .new_chunks = 2, .bytes = 1000};
  }
  Result<BackupCheck> Verify(const Context& /*context*/, const std::string& target,
                             const OnBackupProgress& /*on_progress*/) override {
    if (target != last_target) return NotFound("there is no backup at {}", target);
    return BackupCheck{
        .backups = 2, .newest = {.id = "b1", .revision = 7}, .chunks = 3, .bytes = 1000};
  }

  std::string last_target;
};

}  // namespace weir::api
