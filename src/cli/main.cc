#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "base/error_map.h"
#include "cli/commands/command_tree.h"
#include "cli/connect.h"
#include "cli/failure.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/patient_client.h"
#include "cli/session.h"

namespace weir::cli {
namespace {

std::optional<std::string> Variable(std::string_view name) {
  const char* const value = std::getenv(std::string(name).c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

// `weir help get` is `weir get --help`.
std::vector<std::string> WordsOf(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  if (!words.empty() && words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  if (words.size() == 1 && words.front() == "--version") words.front() = "version";
  return words;
}

Result<ExitCode> Run(const Command& root, const std::vector<std::string>& words,
                     const Terminal& terminal, Output& out, Output& messages) {
  ASSIGN_OR_RETURN(const Parsed parsed, Parse(root, words, Variable));
  if (parsed.help) {
    // Asked for, help is the answer; a group alone is a command that lacks its end.
    const bool asked = std::find(words.begin(), words.end(), "--help") != words.end() ||
                       std::find(words.begin(), words.end(), "-h") != words.end();
    (asked ? out : messages).Write(HelpOf(parsed.path, terminal.width));
    return asked ? ExitCode::kOk : ExitCode::kUsage;
  }
  ASSIGN_OR_RETURN(Globals globals, GlobalsOf(parsed.arguments));
  globals.token = Variable("WEIR_TOKEN").value_or("");
  Session session({.root = root,
                   .globals = std::move(globals),
                   .environment = Variable,
                   .connect = [&terminal](const Globals& to, const Context& context)
                       -> Result<std::unique_ptr<Client>> {
                     ASSIGN_OR_RETURN(auto client, Connect(to, context));
                     return ShowingProgress(std::move(client), terminal);
                   },
                   .files = PosixFiles(),
                   .terminal = terminal,
                   .out = out,
                   .messages = messages});
  ASSIGN_OR_RETURN(const ExitCode code, parsed.command().run(parsed.arguments, session));
  RETURN_IF_ERROR(out.Flush());
  return code;
}

int Main(int count, char** arguments) {
  // A reader that leaves shows as an error of write.
  std::signal(SIGPIPE, SIG_IGN);
  ExitOnInterrupt();
  const Terminal terminal = Terminal::OfThisProcess();
  Output out(STDOUT_FILENO);
  Output messages(STDERR_FILENO);
  const Command root = CommandTree();
  const auto code = Run(root, WordsOf(count, arguments), terminal, out, messages);
  if (code) return static_cast<int>(*code);
  messages.Write(FailureText(code.error(), terminal));
  return FaceOf(code.error().code).exit_code;
}

}  // namespace
}  // namespace weir::cli

int main(int count, char** arguments) {
  try {
    return weir::cli::Main(count, arguments);
  } catch (const std::exception& bug) {
    const std::string text = std::string("error (internal): ") + bug.what() + "\n";
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    return static_cast<int>(weir::cli::ExitCode::kFailed);
  }
}
