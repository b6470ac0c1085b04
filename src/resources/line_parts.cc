#include "resources/line_parts.h"

#include <algorithm>

namespace weir::resources {
namespace {

std::size_t IndentOf(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

std::string_view WithoutTrailing(std::string_view text, std::string_view what) {
  const auto last = text.find_last_not_of(what);
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

// A quote opens a scalar only where a scalar may begin; inside a plain one it is a character.
bool MayBeginScalar(std::string_view before) {
  const std::string_view text = WithoutTrailing(before, " \t");
  if (text.empty()) return true;
  const char last = text.back();
  if (last == '[' || last == '{' || last == ',') return true;
  if (text.size() == before.size()) return false;
  if (last == ':' || last == '-' || last == '?') return true;
  const auto word = text.find_last_of(" \t");
  const char first = text[word == std::string_view::npos ? 0 : word + 1];
  return first == '!' || first == '&';
}

// "|", ">-", "|2+" at the end of what is not a comment.
bool IsBlockHeader(std::string_view word) {
  if (word.empty() || word.size() > 3 || (word[0] != '|' && word[0] != '>')) return false;
  return word.find_first_not_of("+-123456789", 1) == std::string_view::npos;
}

}  // namespace

std::vector<LineParts::Part> LineParts::Of(std::string_view line) {
  if (in_block_ && Continues(line)) return {line.size() + 1, Part::kBlock};
  in_block_ = false;
  std::vector<Part> parts;
  parts.reserve(line.size() + 1);
  for (std::size_t at = 0; at < line.size();) {
    if (open_ == Part::kPlain) {
      ScanPlain(line, at, parts);
    } else {
      ScanQuoted(line, at, parts);
    }
  }
  if (open_ == Part::kPlain) OpenBlock(line, parts);
  parts.push_back(parts.empty() ? open_ : parts.back());
  return parts;
}

bool LineParts::Continues(std::string_view line) {
  const std::size_t indent = IndentOf(line);
  return indent == line.size() || indent > block_parent_;
}

void LineParts::ScanPlain(std::string_view line, std::size_t& at, std::vector<Part>& parts) {
  const char c = line[at];
  if (c == '#' && (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t')) {
    parts.resize(line.size(), Part::kComment);
    at = line.size();
    return;
  }
  if ((c == '\'' || c == '"') && MayBeginScalar(line.substr(0, at))) {
    open_ = c == '"' ? Part::kDoubleQuoted : Part::kSingleQuoted;
  }
  parts.push_back(open_);
  ++at;
}

void LineParts::ScanQuoted(std::string_view line, std::size_t& at, std::vector<Part>& parts) {
  const char quote = open_ == Part::kDoubleQuoted ? '"' : '\'';
  const bool pair =
      at + 1 < line.size() && ((quote == '"' && line[at] == '\\') ||
                               (quote == '\'' && line[at] == '\'' && line[at + 1] == '\''));
  parts.push_back(open_);
  if (pair) {
    parts.push_back(open_);
    at += 2;
    return;
  }
  if (line[at] == quote) open_ = Part::kPlain;
  ++at;
}

// The lines after "key: |" are text as far as they are indented more than the key, which in
// "- key: |" stands behind the dash.
void LineParts::OpenBlock(std::string_view line, const std::vector<Part>& parts) {
  const auto comment = std::find(parts.begin(), parts.end(), Part::kComment);
  const auto code =
      WithoutTrailing(line.substr(0, static_cast<std::size_t>(comment - parts.begin())), " \t\r");
  const auto space = code.find_last_of(" \t");
  if (space == std::string_view::npos || !IsBlockHeader(code.substr(space + 1))) return;
  in_block_ = true;
  block_parent_ = IndentOf(code);
  while (code.substr(block_parent_).starts_with("- ")) {
    const auto next = code.find_first_not_of(' ', block_parent_ + 1);
    if (next == std::string_view::npos || next > space) return;
    block_parent_ = next;
  }
}

}  // namespace weir::resources
