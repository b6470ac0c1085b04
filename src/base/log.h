#pragma once

#include <atomic>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "base/context.h"
#include "base/log_line.h"

namespace spdlog {
class logger;
}

namespace weir {

/// Writes down what happens: an event name and fields, a line each, never part of one.
///
/// Log where an error stops travelling, once; code that returns an Error leaves it to its caller.
/// The request id comes from the Context given, else from the innermost LogScope of the thread.
/// Thread-safe. Made in server/wiring.cc and handed on as a reference; tests use ToFunction or
/// Silent.
class Logger {
 public:
  /// Text when stderr is a terminal, JSON otherwise.
  static std::unique_ptr<Logger> ToStderr(LogLevel level, const Clock& clock = SystemClock());
  static std::unique_ptr<Logger> ToStderr(LogLevel level, LogFormat format,
                                          const Clock& clock = SystemClock());
  /// Each line, without its end, to `write`; one thread at a time.
  static std::unique_ptr<Logger> ToFunction(LogLevel level, LogFormat format,
                                            std::function<void(std::string_view line)> write,
                                            const Clock& clock = SystemClock());
  static std::unique_ptr<Logger> Silent();
  ~Logger();

  using Fields = std::initializer_list<LogField>;

  void Debug(std::string_view event, Fields fields = {}) { Plain(LogLevel::kDebug, event, fields); }
  void Info(std::string_view event, Fields fields = {}) { Plain(LogLevel::kInfo, event, fields); }
  void Warn(std::string_view event, Fields fields = {}) { Plain(LogLevel::kWarn, event, fields); }
  void Error(std::string_view event, Fields fields = {}) { Plain(LogLevel::kError, event, fields); }

  /// With the code and message of `error` as the fields `code` and `error`.
  void Warn(std::string_view event, const weir::Error& error, Fields fields = {}) {
    Log(LogLevel::kWarn, nullptr, event, fields, &error);
  }
  void Error(std::string_view event, const weir::Error& error, Fields fields = {}) {
    Log(LogLevel::kError, nullptr, event, fields, &error);
  }

  /// The whole of it. `context` gives the request id, and may be null, as may `error`.
  void Log(LogLevel level, const Context* context, std::string_view event, Fields fields,
           const weir::Error* error = nullptr) {
    if (IsOn(level)) Write(level, context, event, fields, error);
  }

  /// From now on, on every thread.
  void SetLevel(LogLevel level) { level_.store(level, std::memory_order_relaxed); }
  LogLevel level() const { return level_.load(std::memory_order_relaxed); }
  bool IsOn(LogLevel level) const { return level >= this->level(); }

 private:
  Logger(LogLevel level, LogFormat format, std::shared_ptr<spdlog::logger> out, const Clock& clock);

  void Plain(LogLevel level, std::string_view event, Fields fields) {
    Log(level, nullptr, event, fields);
  }
  void Write(LogLevel level, const Context* context, std::string_view event, Fields fields,
             const weir::Error* error);

  std::atomic<LogLevel> level_;
  const LogFormat format_;
  const std::shared_ptr<spdlog::logger> out_;
  const Clock& clock_;
};

/// While it lives, what this thread logs carries the request id of `context`. Scopes nest.
class LogScope {
 public:
  explicit LogScope(const Context& context);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  friend class Logger;

  const std::string request_id_;
  const LogScope* const outer_;
};

}  // namespace weir
