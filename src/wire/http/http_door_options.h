#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/address.h"
#include "net/http_limits.h"
#include "net/tls_files.h"

namespace weir::http {

class StaticFiles;

struct HttpDoorOptions {
  /// TCP addresses to listen on. Beyond loopback they need TLS.
  std::vector<net::Address> listen = {{.host = "127.0.0.1", .port = 0}};
  /// The home's socket (mode 0600), whose callers are the owner. Empty: none. Never with TLS.
  std::filesystem::path socket = {};
  /// Certificate and key for the TCP addresses; none: plain HTTP.
  std::optional<net::TlsFiles> tls = {};

  /// How often the two files are looked at; a changed pair is read anew.
  std::chrono::milliseconds tls_check_interval{2'000};

  net::HttpLimits limits = {};
  /// How long a request may take when the client sets no Request-Timeout.
  std::chrono::milliseconds default_timeout{60'000};
  /// The most a client may ask for in Request-Timeout.
  std::chrono::milliseconds max_timeout{600'000};
  /// A decoded request body may be this many times larger than it came over the wire.
  double max_inflation = 100;
  /// Bodies below this size are not worth compressing.
  std::size_t compress_from_bytes = 1'024;
  /// Answered before the handler, when set; outlives the door.
  const StaticFiles* static_files = nullptr;
};

/// kInvalid with what to change, for options that no door should open with.
Status Validate(const HttpDoorOptions& options);

}  // namespace weir::http
