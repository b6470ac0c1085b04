#include "pipelines/reader_error.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>

namespace weir::pipelines {
namespace {

constexpr std::size_t kLongestValue = 200;

// What stands between `before` and `after`; nullopt where there is no such place.
std::optional<std::string> Between(std::string_view text, std::string_view before,
                                   std::string_view after) {
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(start + before.size());
  const std::size_t end = rest.find(after);
  return std::string(rest.substr(0, std::min(end, kLongestValue)));
}

std::string FirstLine(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find('\n'), kLongestValue)));
}

std::string WithName(std::string text, std::string_view path, std::string_view name) {
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at)) {
    text.replace(at, path.size(), name);
    at += name.size();
  }
  return text;
}

Error FromCsv(std::string_view message, const std::string& line, std::string_view name) {
  const auto column = Between(message, "Error when converting column \"", "\"");
  const auto value = Between(message, "Could not convert string \"", "\" to '");
  const auto type = Between(message, "\" to '", "'");
  if (column && value && type) {
    return Invalid("{}, line {}, column {}: '{}' is no {}", name, line, *column, *value, *type);
  }
  // The third line says what is wrong with the row, the second repeats it.
  const std::size_t second = message.find('\n');
  const std::size_t third =
      second == std::string_view::npos ? second : message.find('\n', second + 1);
  const std::string reason =
      third == std::string_view::npos ? "malformed" : FirstLine(message.substr(third + 1));
  const auto row = Between(message, "Original Line: ", "\n");
  return Invalid("{}, line {}: {}: {}", name, line, reason, row.value_or(""));
}

}  // namespace

Error ExplainReaderError(const Error& error, std::string_view path, std::string_view name) {
  const std::string_view message = error.message;
  if (const auto line = Between(message, "CSV Error on Line: ", "\n")) {
    return FromCsv(message, *line, name);
  }
  if (const auto line = Between(message, "JSON transform error in file", ": ")) {
    const auto number = Between(*line + " ", "in line ", " ");
    const std::size_t reason = message.find(": ", message.find("in line "));
    return Invalid("{}, line {}: {}", name, number.value_or("?"),
                   FirstLine(message.substr(reason == std::string_view::npos ? 0 : reason + 2)));
  }
  if (message.find("Malformed JSON in file") != std::string_view::npos) {
    // The engine has already counted the record that it could not read.
    const std::uint64_t number =
        std::strtoull(Between(message, "in line ", ":").value_or("2").c_str(), nullptr, 10) - 1;
    const std::size_t reason = message.find(": ", message.find("in line "));
    std::string said = FirstLine(message.substr(reason == std::string_view::npos ? 0 : reason + 2));
    said.resize(std::min(said.find(". Try auto-detecting"), said.size()));  // nobody here can
    return Invalid("{}, line {}: malformed JSON: {}", name, number, said);
  }
  return {error.code, WithName(error.message, path, name), error.hint};
}

}  // namespace weir::pipelines
