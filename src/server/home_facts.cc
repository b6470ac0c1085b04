#include "server/home_facts.h"

#include <unistd.h>
#include <csignal>

namespace weir::server {

HomeFacts::HomeFacts(Parts parts)
    : parts_(std::move(parts)),
      started_(parts_.clock.Now()),
      started_steady_(parts_.clock.Steady()),
      entries_(parts_.config.entries) {}

api::ServerStatus HomeFacts::Facts() const {
  const auto uptime =
      std::chrono::duration_cast<std::chrono::seconds>(parts_.clock.Steady() - started_steady_);
  api::ServerStatus status{
      .version = WEIR_VERSION,
      .home = parts_.paths.root.string(),
      .home_format = kHomeFormat,
      .store = parts_.config.settings.store_url.empty() ? "sqlite" : "postgres",
      .revision = parts_.store.revision(),
      .pid = ::getpid(),
      .started = started_,
      .uptime_seconds = uptime.count()};
  const std::lock_guard lock(mutex_);
  status.doors = doors_;
  return status;
}

std::vector<api::ConfigEntry> HomeFacts::Config() const {
  const std::lock_guard lock(mutex_);
  return entries_;
}

Result<std::vector<api::Finding>> HomeFacts::Diagnose(const Context& context) {
  return Doctor({.paths = parts_.paths,
                 .settings = parts_.config.settings,
                 .store = parts_.store,
                 .files = parts_.files})
      .Examine(context);
}

// The signal goes the way of every other stop: serve.cc waits for it.
Status HomeFacts::RequestStop() {
  {
    const std::lock_guard lock(mutex_);
    if (doors_.empty()) {
      return Invalid("no server runs on the home {}", parts_.paths.root.string());
    }
  }
  parts_.log.Info("stop_requested");
  if (::kill(::getpid(), SIGTERM) != 0) return Internal("the stop could not be signalled");
  return Ok();
}

void HomeFacts::SetLogLevel(LogLevel level) {
  parts_.log.SetLevel(level);
  const std::lock_guard lock(mutex_);
  for (api::ConfigEntry& entry : entries_) {
    if (entry.name != "log.level") continue;
    entry.value = std::string(NameOf(level));
    entry.origin = "weir log-level";
  }
}

void HomeFacts::SetDoors(std::vector<api::DoorAddress> doors) {
  const std::lock_guard lock(mutex_);
  doors_ = std::move(doors);
}

void HomeFacts::SetConfig(std::vector<api::ConfigEntry> entries) {
  const std::lock_guard lock(mutex_);
  entries_ = std::move(entries);
}

}  // namespace weir::server
