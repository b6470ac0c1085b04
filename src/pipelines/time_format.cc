#include "pipelines/time_format.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace weir::pipelines {
namespace {

struct Run {
  std::string_view letters;
  std::string_view code;
};

// Longest first, so that yyyy is not read as yy twice.
constexpr std::array<Run, 27> kRuns = {{
    {"SSSSSSSSS", "%n"}, {"SSSSSS", "%f"}, {"SSS", "%g"}, {"yyyy", "%Y"}, {"uuuu", "%Y"},
    {"MMMM", "%B"},      {"EEEE", "%A"},   {"XXX", "%z"}, {"MMM", "%b"},  {"EEE", "%a"},
    {"DDD", "%j"},       {"yy", "%y"},     {"MM", "%m"},  {"dd", "%d"},   {"HH", "%H"},
    {"hh", "%I"},        {"mm", "%M"},     {"ss", "%S"},  {"y", "%Y"},    {"M", "%-m"},
    {"d", "%-d"},        {"H", "%-H"},     {"h", "%-I"},  {"a", "%p"},    {"X", "%z"},
    {"Z", "%z"},         {"z", "%Z"},
}};

}  // namespace

Result<std::string> TimeFormat(std::string_view pattern) {
  if (pattern.empty() || pattern == "rfc3339" || pattern == "RFC3339") return std::string();
  if (pattern.find('%') != std::string_view::npos) return std::string(pattern);
  std::string format;
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '\'') {  // 'T' is the letter itself, '' a quote
      const std::size_t end = pattern.find('\'', i + 1);
      if (end == std::string_view::npos) return Invalid("{}: a quote is not closed", pattern);
      format += end == i + 1 ? "'" : pattern.substr(i + 1, end - i - 1);
      i = end + 1;
      continue;
    }
    const auto run = std::ranges::find_if(
        kRuns, [&](const Run& known) { return pattern.substr(i).starts_with(known.letters); });
    if (run != kRuns.end()) {
      format += run->code;
      i += run->letters.size();
      continue;
    }
    if (std::isalpha(static_cast<unsigned char>(pattern[i])) != 0 && pattern[i] != 'T') {
      return Invalid("{}: the letter {} has no counterpart here", pattern, pattern[i])
          .WithHint("use rfc3339, or strftime's % codes");
    }
    format += pattern[i++];
  }
  return format;
}

}  // namespace weir::pipelines
