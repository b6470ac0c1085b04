#include "cli/changed_lines.h"

#include <algorithm>
#include <span>

namespace weir::cli {
namespace {

using Lines = std::vector<std::string_view>;

Lines LinesOf(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<std::string> ChangedLines(std::string_view before, std::string_view after) {
  const Lines old_lines = LinesOf(before);
  const Lines new_lines = LinesOf(after);
  std::span<const std::string_view> went = old_lines;
  std::span<const std::string_view> came = new_lines;
  while (!went.empty() && !came.empty() && went.front() == came.front()) {
    went = went.subspan(1);
    came = came.subspan(1);
  }
  while (!went.empty() && !came.empty() && went.back() == came.back()) {
    went = went.first(went.size() - 1);
    came = came.first(came.size() - 1);
  }
  std::vector<std::string> changed;
  for (const std::string_view line : went) changed.push_back("- " + std::string(line));
  for (const std::string_view line : came) changed.push_back("+ " + std::string(line));
  return changed;
}

}  // namespace weir::cli
