#include "base/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <mutex>
#include <utility>

namespace weir {
namespace {

thread_local const LogScope* innermost_scope = nullptr;

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(std::function<void(std::string_view)> write) : write_(std::move(write)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    write_({message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

 private:
  const std::function<void(std::string_view)> write_;
};

std::shared_ptr<spdlog::logger> OutputTo(spdlog::sink_ptr sink) {
  auto out = std::make_shared<spdlog::logger>("weir", std::move(sink));
  // The line is rendered by us, and the level is ours too.
  out->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  out->set_level(spdlog::level::trace);
  // Nobody is left to tell that the log itself cannot be written.
  out->set_error_handler([](const std::string&) {});
  return out;
}

spdlog::level::level_enum LevelOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      return spdlog::level::off;
  }
  return spdlog::level::err;
}

}  // namespace

Logger::Logger(LogLevel level, LogFormat format, std::shared_ptr<spdlog::logger> out,
               const Clock& clock)
    : level_(level), format_(format), out_(std::move(out)), clock_(clock) {}

Logger::~Logger() = default;

std::unique_ptr<Logger> Logger::ToStderr(LogLevel level, const Clock& clock) {
  return ToStderr(level, isatty(STDERR_FILENO) == 1 ? LogFormat::kText : LogFormat::kJson, clock);
}

std::unique_ptr<Logger> Logger::ToStderr(LogLevel level, LogFormat format, const Clock& clock) {
  auto out = OutputTo(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return std::unique_ptr<Logger>(new Logger(level, format, std::move(out), clock));
}

std::unique_ptr<Logger> Logger::ToFunction(LogLevel level, LogFormat format,
                                           std::function<void(std::string_view)> write,
                                           const Clock& clock) {
  auto out = OutputTo(std::make_shared<FunctionSink>(std::move(write)));
  return std::unique_ptr<Logger>(new Logger(level, format, std::move(out), clock));
}

std::unique_ptr<Logger> Logger::Silent() {
  return ToFunction(LogLevel::kOff, LogFormat::kText, [](std::string_view) {});
}

void Logger::Write(LogLevel level, const Context* context, std::string_view event, Fields fields,
                   const weir::Error* error) {
  LogEvent line{.time = clock_.Now(),
                .level = level,
                .event = event,
                .fields = {fields.begin(), fields.size()},
                .request_id = {},
                .error_code = {},
                .error_message = {}};
  if (context != nullptr) {
    line.request_id = context->request_id();
  } else if (innermost_scope != nullptr) {
    line.request_id = innermost_scope->request_id_;
  }
  if (error != nullptr) {
    line.error_code = NameOf(error->code);
    line.error_message = error->message;
  }
  const std::string text = RenderLogLine(line, format_);
  out_->log(LevelOf(level), spdlog::string_view_t(text.data(), text.size()));
}

LogScope::LogScope(const Context& context)
    : request_id_(context.request_id()), outer_(std::exchange(innermost_scope, this)) {}

LogScope::~LogScope() { innermost_scope = outer_; }

}  // namespace weir
