#include <algorithm>

#include "cli/help.h"
#include "cli/reference.h"

namespace weir::cli {
namespace {

using Path = std::vector<const Command*>;

// Text as roff takes it for text: a backslash, a hyphen that must stay one, and a line that would
// begin like a request.
std::string Escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool line_begins = i == 0 || text[i - 1] == '\n';
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string PageName(const Path& path) {
  std::string name = FullName(path);
  std::ranges::replace(name, ' ', '-');
  return name;
}

void AppendItem(std::string& page, std::string_view term, std::string_view sentence) {
  page += fmt::format(".TP\n.B {}\n{}\n", Escaped(term), Escaped(sentence));
}

void AppendFlags(std::string& page, std::string_view title, const std::vector<Flag>& flags) {
  if (flags.empty()) return;
  page += fmt::format(".SH {}\n", title);
  for (const Flag& flag : flags) {
    std::string spelling = SpellingOf(flag);
    spelling.erase(0, spelling.find_first_not_of(' '));
    AppendItem(page, spelling, SentenceOf(flag));
  }
}

std::string Paragraphs(std::string_view text) {
  std::string out = Escaped(text);
  for (std::size_t at = 0; (at = out.find("\n\n", at)) != std::string::npos;) {
    out.replace(at, 2, "\n.PP\n");
  }
  return out;
}

std::string PageOf(const Path& path) {
  const Command& command = *path.back();
  std::string title = PageName(path);
  std::ranges::transform(title, title.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c; });
  std::string page =
      fmt::format(".TH {} 1 \"\" \"weir {}\" \"Weir manual\"\n", title, WEIR_VERSION);
  page += fmt::format(".SH NAME\n{} \\- {}\n", Escaped(PageName(path)), Escaped(command.summary));
  page += fmt::format(".SH SYNOPSIS\n.B {}\n", Escaped(UsageOf(path)));
  if (!command.description.empty()) {
    page += ".SH DESCRIPTION\n" + Paragraphs(command.description) + "\n";
  }
  if (!command.arguments.empty()) {
    page += ".SH ARGUMENTS\n";
    for (const Argument& argument : command.arguments) {
      AppendItem(page, argument.name, argument.sentence);
    }
  }
  AppendFlags(page, path.size() == 1 ? "FLAGS OF EVERY COMMAND" : "FLAGS", command.flags);
  if (!command.commands.empty()) {
    page += ".SH COMMANDS\n";
    for (const Command& child : command.commands) {
      if (!child.hidden) AppendItem(page, PageName(path) + "-" + child.name + "(1)", child.summary);
    }
  }
  if (!command.examples.empty()) {
    page += ".SH EXAMPLES\n";
    for (const Example& example : command.examples) {
      AppendItem(page, example.command, example.sentence);
    }
  }
  if (path.size() == 1) {
    page += ".SH EXIT STATUS\n";
    for (const ExitCodeFact& fact : ExitCodes()) {
      AppendItem(page, std::to_string(static_cast<int>(fact.code)), fact.sentence);
    }
  } else {
    page += ".SH SEE ALSO\n.BR weir (1)\n";
  }
  return page;
}

void Collect(Path& path, std::map<std::string, std::string>& pages) {
  if (path.back()->hidden) return;
  pages.emplace(PageName(path) + ".1", PageOf(path));
  for (const Command& child : path.back()->commands) {
    path.push_back(&child);
    Collect(path, pages);
    path.pop_back();
  }
}

}  // namespace

std::map<std::string, std::string> ManPages(const Command& root) {
  std::map<std::string, std::string> pages;
  Path path = {&root};
  Collect(path, pages);
  return pages;
}

}  // namespace weir::cli
