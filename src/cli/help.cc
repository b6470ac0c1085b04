#include "cli/help.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "cli/text_width.h"

namespace weir::cli {
namespace {

struct Row {
  std::string left;
  std::string right;
};

// Two columns: what is typed, and its sentence, wrapped.
void AppendRows(std::string& out, const std::vector<Row>& rows, std::size_t width) {
  constexpr std::size_t kWidestLeft = 32;
  std::size_t left = 0;
  for (const Row& row : rows) left = std::max(left, WidthOf(row.left));
  left = std::min(left, kWidestLeft);
  const std::string indent(left + 4, ' ');
  for (const Row& row : rows) {
    out += "  " + PadRight(row.left, left) + "  ";
    if (WidthOf(row.left) > left) out += "\n" + indent;
    out += Wrap(row.right, width, indent) + "\n";
  }
}

void AppendFlags(std::string& out, std::string_view title, const std::vector<Flag>& flags,
                 std::size_t width) {
  if (flags.empty()) return;
  std::vector<Row> rows;
  rows.reserve(flags.size());
  for (const Flag& flag : flags) rows.push_back({SpellingOf(flag), SentenceOf(flag)});
  out += fmt::format("\n{}:\n", title);
  AppendRows(out, rows, width);
}

void AppendCommands(std::string& out, const Command& command, std::size_t width) {
  std::vector<Row> rows;
  for (const Command& child : command.commands) {
    if (!child.hidden) rows.push_back({child.name, child.summary});
  }
  if (rows.empty()) return;
  out += "\nCommands:\n";
  AppendRows(out, rows, width);
}

void AppendExamples(std::string& out, const Command& command, std::size_t width) {
  if (command.examples.empty()) return;
  out += "\nExamples:\n";
  for (const Example& example : command.examples) {
    out += "  " + example.command + "\n";
    if (!example.sentence.empty()) {
      out += "      " + Wrap(example.sentence, width, "      ") + "\n";
    }
  }
}

}  // namespace

std::string FullName(std::span<const Command* const> path) {
  std::string name;
  for (const Command* const command : path) {
    if (!name.empty()) name += ' ';
    name += command->name;
  }
  return name;
}

std::string UsageOf(std::span<const Command* const> path) {
  const Command& command = *path.back();
  std::string usage = FullName(path);
  if (!command.commands.empty()) usage += " COMMAND";
  for (const Argument& argument : command.arguments) {
    const std::string name = argument.name + (argument.repeated ? "..." : "");
    usage += argument.required ? " " + name : " [" + name + "]";
  }
  return usage + " [flags]";
}

std::string SpellingOf(const Flag& flag) {
  std::string spelling = flag.letter == 0 ? "    " : fmt::format("-{}, ", flag.letter);
  spelling += "--" + flag.name;
  if (!flag.value.empty()) spelling += " " + flag.value;
  return spelling;
}

std::string SentenceOf(const Flag& flag) {
  std::string sentence = flag.sentence;
  if (!flag.choices.empty()) sentence += fmt::format(": {}", fmt::join(flag.choices, ", "));
  if (flag.repeated) sentence += "; may be repeated";
  if (!flag.fallback.empty()) sentence += fmt::format(" (default {})", flag.fallback);
  if (!flag.environment.empty()) sentence += fmt::format(" [{}]", flag.environment);
  return sentence;
}

std::string HelpOf(std::span<const Command* const> path, std::size_t width) {
  const Command& command = *path.back();
  std::string out = fmt::format("{}: {}\n\nUsage: {}\n", FullName(path),
                                Wrap(command.summary, width, ""), UsageOf(path));
  if (!command.description.empty()) out += "\n" + WrapParagraphs(command.description, width) + "\n";
  AppendCommands(out, command, width);
  if (!command.arguments.empty()) {
    std::vector<Row> rows;
    for (const Argument& argument : command.arguments) {
      rows.push_back({argument.name, argument.sentence});
    }
    out += "\nArguments:\n";
    AppendRows(out, rows, width);
  }
  AppendFlags(out, path.size() == 1 ? "Flags of every command" : "Flags", command.flags, width);
  AppendExamples(out, command, width);
  if (path.size() > 1) out += fmt::format("\nFlags of every command: {} --help\n", path[0]->name);
  return out;
}

}  // namespace weir::cli
