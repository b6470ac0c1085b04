#include "cli/reference.h"

#include <array>

#include "base/error_map.h"
#include "cli/help.h"

namespace weir::cli {
namespace {

using Path = std::vector<const Command*>;

void AppendFlags(std::string& page, const std::vector<Flag>& flags) {
  for (const Flag& flag : flags) {
    std::string spelling = SpellingOf(flag);
    spelling.erase(0, spelling.find_first_not_of(' '));
    page += fmt::format("- `{}`: {}\n", spelling, SentenceOf(flag));
  }
}

void AppendCommand(std::string& page, Path& path) {
  const Command& command = *path.back();
  if (command.hidden) return;
  page += fmt::format("\n## {}\n{}.\n", FullName(path), command.summary);
  page += fmt::format("```\n{}\n```\n", UsageOf(path));
  if (!command.description.empty()) page += command.description + "\n";
  if (!command.arguments.empty() || (!command.flags.empty() && path.size() > 1)) page += "\n";
  for (const Argument& argument : command.arguments) {
    page += fmt::format("- `{}`: {}\n", argument.name, argument.sentence);
  }
  if (path.size() > 1) AppendFlags(page, command.flags);
  if (!command.examples.empty()) {
    page += "\n```\n";
    for (const Example& example : command.examples) {
      page += example.command;
      if (!example.sentence.empty()) page += "    # " + example.sentence;
      page += "\n";
    }
    page += "```\n";
  }
  for (const Command& child : command.commands) {
    path.push_back(&child);
    AppendCommand(page, path);
    path.pop_back();
  }
}

}  // namespace

std::string CliReference(const Command& root) {
  std::string page =
      "# Commands\n\n"
      "Data goes to stdout, everything else to stderr; how a command ends is told by its\n"
      "[exit code](exit-codes.md). Colours are used on terminals only, and never when `NO_COLOR` "
      "is\n"
      "set. This page is written by `weir docs reference`, from the tree that also parses the\n"
      "command line.\n\n"
      "Flags of every command:\n";
  AppendFlags(page, root.flags);
  Path path = {&root};
  for (const Command& child : root.commands) {
    path.push_back(&child);
    AppendCommand(page, path);
    path.pop_back();
  }
  return page;
}

std::string ExitCodeReference() {
  std::string page =
      "# Exit codes\n\n"
      "How a command ended, for scripts. This page is written by `weir docs exit-codes`.\n\n"
      "| code | name | meaning | errors |\n| --- | --- | --- | --- |\n";
  constexpr std::array kErrors = {
      ErrorCode::kInvalid,   ErrorCode::kNotFound,        ErrorCode::kAlreadyExists,
      ErrorCode::kConflict,  ErrorCode::kUnauthenticated, ErrorCode::kDenied,
      ErrorCode::kExhausted, ErrorCode::kUnavailable,     ErrorCode::kDeadline,
      ErrorCode::kCancelled, ErrorCode::kUnimplemented,   ErrorCode::kCorrupt,
      ErrorCode::kInternal,
  };
  for (const ExitCodeFact& fact : ExitCodes()) {
    std::string errors;
    for (const ErrorCode error : kErrors) {
      if (FaceOf(error).exit_code != static_cast<int>(fact.code)) continue;
      errors += fmt::format("{}`{}`", errors.empty() ? "" : " ", NameOf(error));
    }
    page += fmt::format("| {} | {} | {} | {} |\n", static_cast<int>(fact.code), fact.name,
                        fact.sentence, errors);
  }
  return page;
}

}  // namespace weir::cli
