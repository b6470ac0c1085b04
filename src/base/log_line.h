#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"

namespace weir {

enum class LogLevel { kDebug, kInfo, kWarn, kError, kOff };

/// "debug", "info", "warn", "error", "off".
std::string_view NameOf(LogLevel level);
Result<LogLevel> ParseLogLevel(std::string_view name);

enum class LogFormat { kText, kJson };

/// One named fact of an event: `{"address", address}`. It holds views, so it lives no longer than
/// the call it is written in. Names are snake_case constants; values never hold secrets or row
/// contents.
struct LogField {
  using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>;

  LogField(std::string_view field, bool flag) : name(field), value(flag) {}
  LogField(std::string_view field, std::signed_integral auto number)
      : name(field), value(std::int64_t{number}) {}
  LogField(std::string_view field, std::unsigned_integral auto number)
      : name(field), value(std::uint64_t{number}) {}
  LogField(std::string_view field, double number) : name(field), value(number) {}
  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const std::string& text)
      : LogField(field, std::string_view(text)) {}
  LogField(std::string_view field, const char* text) : LogField(field, std::string_view(text)) {}

  std::string_view name;
  Value value;
};

/// What happened, as it is written down.
struct LogEvent {
  Timestamp time;
  LogLevel level = LogLevel::kInfo;
  std::string_view event;
  std::span<const LogField> fields;
  std::string_view request_id;  ///< left out when empty, as are the two below
  std::string_view error_code;
  std::string_view error_message;
};

/// One line without its end, whatever the values hold. Text for people:
///   2026-11-21T10:00:00.123Z INFO  server_started address=127.0.0.1:8080 request_id=7f3a
/// JSON for programs:
/// {"time":"2026-11-21T10:00:00.123Z","level":"info","event":"server_started",...}
std::string RenderLogLine(const LogEvent& event, LogFormat format);

}  // namespace weir
