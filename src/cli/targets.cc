#include "cli/targets.h"

#include "cli/arguments.h"
#include "cli/call.h"
#include "resources/resource_id.h"

namespace weir::cli {
namespace {

bool IsWholeId(std::string_view word) {
  return word.find_first_of("/:|") != std::string_view::npos;
}

Result<Target> ReadId(std::string_view word, std::string_view workspace) {
  ASSIGN_OR_RETURN(const resources::WrittenId written, resources::ParseResourceId(word));
  const std::string& own = written.id.workspace;
  return Target{KindOf(written.id.type), own.empty() ? std::string(workspace) : own,
                written.id.name};
}

}  // namespace

std::string KindOf(std::string_view word) {
  if (word == "all") return {};
  if (word.ends_with("ies")) return std::string(word.substr(0, word.size() - 3)) + "y";
  const bool plural = word.ends_with('s') && !word.ends_with("ss") && word != "lens";
  return std::string(plural ? word.substr(0, word.size() - 1) : word);
}

std::string Target::Path(std::string_view tail) const {
  return fmt::format("/api/resources/{}/{}{}", Escaped(type), Escaped(name), tail);
}

std::vector<Argument> TargetArguments(std::string_view sentence_of_names) {
  return {
      {.name = "KIND", .sentence = "the kind, or KIND/NAME", .completes = Completes::kKinds},
      {.name = "NAME",
       .sentence = std::string(sentence_of_names),
       .repeated = true,
       .completes = Completes::kNames},
  };
}

std::vector<Flag> TargetFlags() {
  return {
      {.name = "type",
       .letter = 't',
       .value = "KIND",
       .sentence = "the kind, instead of the argument",
       .completes = Completes::kKinds},
      {.name = "name",
       .letter = 'n',
       .value = "NAME",
       .sentence = "the name, instead of the argument",
       .completes = Completes::kNames},
      WorkspaceFlag(),
  };
}

Flag WorkspaceFlag() {
  return {.name = "workspace",
          .letter = 'w',
          .value = "WORKSPACE",
          .sentence = "the workspace of names that do not say theirs",
          .fallback = "public"};
}

Result<TargetWords> ReadTargets(const Arguments& arguments) {
  TargetWords words;
  std::vector<std::string> names = arguments.All("NAME");
  const std::string kind = arguments.Text("KIND");
  const std::string workspace = arguments.Text("workspace");
  words.type = KindOf(arguments.Text("type"));
  if (arguments.Has("name")) names.push_back(arguments.Text("name"));
  if (IsWholeId(kind)) {
    names.insert(names.begin(), kind);
  } else if (arguments.Has("type")) {
    if (!kind.empty()) names.insert(names.begin(), kind);
  } else {
    words.type = KindOf(kind);
  }
  for (const std::string& name : names) {
    if (IsWholeId(name)) {
      ASSIGN_OR_RETURN(Target target, ReadId(name, workspace));
      words.targets.push_back(std::move(target));
    } else if (words.type.empty()) {
      return Invalid("{} is a name without a kind", name)
          .WithHint(fmt::format("write KIND/{}", name));
    } else {
      words.targets.push_back({words.type, workspace, name});
    }
  }
  return words;
}

Result<std::vector<Target>> TargetsOf(const Arguments& arguments) {
  ASSIGN_OR_RETURN(TargetWords words, ReadTargets(arguments));
  if (words.targets.empty()) {
    return Invalid("which resource is meant?").WithHint("give KIND and NAME, or KIND/NAME");
  }
  return std::move(words.targets);
}

Result<Target> TargetOf(const Arguments& arguments) {
  ASSIGN_OR_RETURN(std::vector<Target> targets, TargetsOf(arguments));
  if (targets.size() != 1) return Invalid("this works on one resource at a time");
  return std::move(targets.front());
}

}  // namespace weir::cli
