#include "base/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <type_traits>

#include "base/json_string.h"

namespace weir {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"debug", "info", "warn", "error", "off"};
constexpr std::array<std::string_view, 5> kColumns = {"DEBUG", "INFO ", "WARN ", "ERROR", "OFF  "};

// Always milliseconds, so that the lines stand in columns and sort as text.
std::string Milliseconds(Timestamp time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto fraction = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole);
  std::string text = FormatTimestamp(whole);
  text.pop_back();
  return text + fmt::format(".{:03}Z", fraction.count());
}

bool IsBareWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '"' && c != '=' && c != '\\';
  });
}

void AppendText(std::string& out, std::string_view text, LogFormat format) {
  if (format == LogFormat::kText && IsBareWord(text)) {
    out += text;
  } else {
    AppendJsonString(out, text);  // quotes keep a line break or a terminal's escape from acting
  }
}

void AppendValue(std::string& out, const LogField::Value& value, LogFormat format) {
  std::visit(
      [&](const auto& actual) {
        using T = std::decay_t<decltype(actual)>;
        if constexpr (std::is_same_v<T, std::string_view>) {
          AppendText(out, actual, format);
        } else if constexpr (std::is_same_v<T, double>) {
          // JSON has no word for infinity and not-a-number.
          out += std::isfinite(actual) ? fmt::format("{}", actual) : std::string("null");
        } else {
          out += fmt::format("{}", actual);
        }
      },
      value);
}

void AppendPair(std::string& out, std::string_view name, const LogField::Value& value,
                LogFormat format) {
  if (format == LogFormat::kText) {
    out += ' ';
    out += name;
    out += '=';
  } else {
    out += ',';
    AppendJsonString(out, name);
    out += ':';
  }
  AppendValue(out, value, format);
}

}  // namespace

std::string_view NameOf(LogLevel level) { return kNames[static_cast<std::size_t>(level)]; }

Result<LogLevel> ParseLogLevel(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  }
  return Invalid("'{}' is not a log level", name).WithHint("one of debug, info, warn, error, off");
}

std::string RenderLogLine(const LogEvent& event, LogFormat format) {
  std::string line;
  if (format == LogFormat::kText) {
    line = Milliseconds(event.time);
    line += ' ';
    line += kColumns[static_cast<std::size_t>(event.level)];
    line += ' ';
    AppendText(line, event.event, format);
  } else {
    line = fmt::format(R"({{"time":"{}","level":"{}","event":)", Milliseconds(event.time),
                       NameOf(event.level));
    AppendJsonString(line, event.event);
  }
  for (const LogField& field : event.fields) AppendPair(line, field.name, field.value, format);
  const std::array<std::pair<std::string_view, std::string_view>, 3> ours = {
      {{"code", event.error_code},
       {"error", event.error_message},
       {"request_id", event.request_id}}};
  for (const auto& [name, value] : ours) {
    if (!value.empty()) AppendPair(line, name, value, format);
  }
  if (format == LogFormat::kJson) line += '}';
  return line;
}

}  // namespace weir
