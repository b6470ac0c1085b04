#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/log_line.h"
#include "base/result.h"

namespace weir::api {

/// Where a process stands between its first line and its last.
enum class Phase { kStarting, kReady, kDraining };

/// A protocol clients come in by, and where: {"http", "http://127.0.0.1:8080"}.
struct DoorAddress {
  std::string name;
  std::string address;
};

struct ServerStatus {
  std::string version;
  std::string home;  ///< its path
  std::int64_t home_format = 0;
  std::string store;          ///< "sqlite" or "postgres"
  std::int64_t revision = 0;  ///< of the control store
  std::int64_t pid = 0;
  Timestamp started = {};
  std::int64_t uptime_seconds = 0;
  std::vector<DoorAddress> doors = {};  ///< none inside a command
};

/// One option as it stands, and who said so. Secret values arrive here already as "****".
struct ConfigEntry {
  std::string name;  ///< http.listen
  std::string value;
  std::string origin;  ///< "flag --listen", "env WEIR_LISTEN", "file weir.yaml:3", "default"
  std::string description;
};

/// Something `weir doctor` looked at.
struct Finding {
  std::string check;     ///< home.permissions
  std::string severity;  ///< "ok", "warning" or "error"
  std::string message;
  std::string fix = {};  ///< what to do about it; empty when nothing needs doing
};

/// What the handlers ask of, and tell, the process they run in. Implemented in server/, for a
/// server and for a command on the home; a fake in tests. Thread-safe.
class ServerFacts {
 public:
  virtual ~ServerFacts() = default;

  virtual Phase phase() const = 0;  ///< never waits
  virtual ServerStatus Facts() const = 0;
  virtual std::vector<ConfigEntry> Config() const = 0;
  virtual Result<std::vector<Finding>> Diagnose(const Context& context) = 0;

  /// Begins a graceful stop and returns at once. kInvalid inside a command, which serves nobody.
  virtual Status RequestStop() = 0;

  virtual LogLevel log_level() const = 0;
  virtual void SetLogLevel(LogLevel level) = 0;  ///< at once, and until the process ends
};

}  // namespace weir::api
