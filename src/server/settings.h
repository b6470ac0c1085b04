#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log_line.h"
#include "base/result.h"
#include "net/allowed_networks.h"

namespace weir::server {

/// What can be configured, as values. Each field has one Option that says its name, default and
/// meaning; the defaults here are those of the table.
struct Settings {
  std::string listen;
  std::string tls_certificate;
  std::string tls_key;
  bool tls_self_signed = false;
  std::string store_url;
  std::string datasets_url;
  std::string derivatives_url;  ///< empty: with the others
  LogLevel log_level = LogLevel::kInfo;
  std::string log_format;
  std::int64_t io_threads = 0;
  std::int64_t worker_threads = 0;
  std::int64_t max_connections = 0;
  std::int64_t max_body_bytes = 0;
  std::int64_t ingest_memory_bytes = 0;
  std::int64_t cache_bytes = 0;
  std::int64_t cache_packing = 0;  ///< percent of the time of a core
  std::vector<std::string> source_paths;
  std::vector<std::string> source_commands;
  std::vector<std::string> source_env;
  net::AllowedNetworks source_networks;
  std::chrono::milliseconds request_timeout{0};
  std::chrono::milliseconds idle_timeout{0};
  std::chrono::milliseconds drain_timeout{0};
};

/// One thing that can be configured, described once: the configuration file, the flags of
/// `weir serve`, the WEIR_* variables, `weir config view` and docs/reference/config.md all come
/// from Options().
struct Option {
  std::string_view name;        ///< in the file: "tls.certificate"
  std::string_view value_name;  ///< in the help: "FILE"
  std::string_view fallback;    ///< the default, as it would be written
  std::string_view sentence;
  bool secret;  ///< shown as "****"
  /// Takes `text` over into `settings`; kInvalid says what would be right.
  Status (*set)(Settings& settings, std::string_view text);

  std::string FlagName() const;      ///< "tls-certificate"
  std::string VariableName() const;  ///< "WEIR_TLS_CERTIFICATE"
};

std::span<const Option> Options();

/// What no single option can say: options that need or exclude each other.
Status CheckTogether(const Settings& settings);

}  // namespace weir::server
