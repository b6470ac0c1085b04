#include "cli/text_width.h"

#include <utf8proc.h>

#include <algorithm>

namespace weir::cli {
namespace {

struct Character {
  std::size_t bytes = 1;
  std::size_t columns = 1;
  bool broken = false;
};

Character First(std::string_view text) {
  utf8proc_int32_t codepoint = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const utf8proc_ssize_t read =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &codepoint);
  if (read <= 0) return {.bytes = 1, .columns = 1, .broken = true};
  const utf8proc_category_t category = utf8proc_category(codepoint);
  // Also the characters that turn the direction of text round: they could fake what is read.
  const bool steers = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
                      category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
  if (steers) return {.bytes = static_cast<std::size_t>(read), .columns = 1, .broken = true};
  return {.bytes = static_cast<std::size_t>(read),
          .columns = static_cast<std::size_t>(std::max(0, utf8proc_charwidth(codepoint)))};
}

}  // namespace

std::size_t WidthOf(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character character = First(text);
    width += character.columns;
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string Printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character character = First(text);
    const char first = text.front();
    if (first == '\n' || first == '\t' || first == '\r') {
      out += ' ';
    } else if (character.broken) {
      out += "\xEF\xBF\xBD";
    } else {
      out += text.substr(0, character.bytes);
    }
    text.remove_prefix(character.bytes);
  }
  return out;
}

std::string PadRight(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t present = WidthOf(text);
  if (present < width) out.append(width - present, ' ');
  return out;
}

std::string Wrap(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out;
  std::size_t column = WidthOf(indent);
  bool first = true;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (word.empty()) continue;
    const std::size_t word_width = WidthOf(word);
    if (!first && column + 1 + word_width > width) {
      out += '\n';
      out += indent;
      column = WidthOf(indent);
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word_width;
    first = false;
  }
  return out;
}

std::string WrapParagraphs(std::string_view text, std::size_t width) {
  std::string out;
  std::string paragraph;
  const auto end_paragraph = [&] {
    if (!paragraph.empty()) out += Wrap(paragraph, width, "") + "\n";
    paragraph.clear();
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const bool as_it_is = line.starts_with("  ");
    if (line.empty() || as_it_is) {
      end_paragraph();
      out += line;
      out += '\n';
      continue;
    }
    if (!paragraph.empty()) paragraph += ' ';
    paragraph += line;
  }
  end_paragraph();
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

}  // namespace weir::cli
