#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "cli/arguments.h"
#include "cli/call.h"
#include "cli/commands/commands.h"
#include "cli/complete.h"
#include "cli/completion_script.h"
#include "cli/session.h"
#include "cli/targets.h"

namespace weir::cli {
namespace {

namespace json = boost::json;

// Somebody has pressed a key and waits.
constexpr std::chrono::milliseconds kPatience{1'000};
constexpr std::string_view kMostNames = "200";

std::vector<Candidate> Kinds(Client& client, const Context& context) {
  std::vector<Candidate> candidates;
  const auto answer = CallObject(client, context, {.path = "/api/kinds"});
  if (!answer) return candidates;
  for (const json::value& kind : answer->at("items").as_array()) {
    const json::object& one = kind.as_object();
    candidates.push_back(
        {std::string(one.at("type").as_string()), std::string(one.at("description").as_string())});
  }
  return candidates;
}

std::vector<Candidate> Names(Client& client, const Context& context, const std::string& kind) {
  std::vector<Candidate> candidates;
  const auto answer =
      CallObject(client, context,
                 {.path = "/api/resources",
                  .query = {{"type", KindOf(kind)}, {"limit", std::string(kMostNames)}}});
  if (!answer) return candidates;
  for (const json::value& item : answer->at("items").as_array()) {
    candidates.push_back({std::string(item.as_object().at("name").as_string())});
  }
  return candidates;
}

void LookUp(Session& session, Completion& completion) {
  const bool wanted = completion.what == Completes::kKinds || completion.what == Completes::kNames;
  if (!wanted) return;
  const auto client = session.client();
  if (!client) return;
  const Context context = Context::Background().WithTimeout(kPatience);
  std::vector<Candidate> found = completion.what == Completes::kKinds
                                     ? Kinds(**client, context)
                                     : Names(**client, context, completion.kind);
  for (Candidate& candidate : found) {
    if (candidate.text.starts_with(completion.typed)) {
      completion.candidates.push_back(std::move(candidate));
    }
  }
}

Result<ExitCode> CompleteWords(const Arguments& arguments, Session& session) {
  const std::vector<std::string> words = arguments.All("WORD");
  Completion completion = Complete(session.root(), words);
  if (completion.what == Completes::kFiles) {
    session.out().Write(":files\n");
    return ExitCode::kOk;
  }
  if (completion.what == Completes::kDirectories) {
    session.out().Write(":directories\n");
    return ExitCode::kOk;
  }
  LookUp(session, completion);
  for (const Candidate& candidate : completion.candidates) {
    session.out().Write(
        fmt::format("{}{}\t{}\n", completion.prefix, candidate.text, candidate.sentence));
  }
  return ExitCode::kOk;
}

}  // namespace

Command CompletionCommand() {
  return {.name = "completion",
          .summary = "print what a shell needs to complete weir's commands",
          .arguments = {{.name = "SHELL", .sentence = "bash, zsh or fish", .required = true}},
          .examples = {{"source <(weir completion bash)", "for this shell"},
                       {"weir completion fish > ~/.config/fish/completions/weir.fish", ""}},
          .run = [](const Arguments& arguments, Session& session) -> Result<ExitCode> {
            ASSIGN_OR_RETURN(const std::string script, CompletionScript(arguments.Text("SHELL")));
            session.out().Write(script);
            return ExitCode::kOk;
          }};
}

Command CompleteCommand() {
  return {.name = "__complete",
          .summary = "candidates for the last of the words, for the shells' scripts",
          .arguments = {{.name = "WORD", .sentence = "a word of the line", .repeated = true}},
          .run = CompleteWords,
          .takes_flags = false,
          .hidden = true};
}

}  // namespace weir::cli
