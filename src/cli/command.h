#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/exit_code.h"

namespace weir::cli {

class Arguments;
class Session;

/// What a shell may offer where a value is typed.
enum class Completes { kNothing, kFiles, kDirectories, kChoices, kKinds, kNames };

/// `--name VALUE`, or a switch when it takes no value. Flags of the root are understood by every
/// command, before and after its name.
struct Flag {
  std::string name;           ///< without the dashes: "output"
  char letter = 0;            ///< 'o' for -o; 0: none
  std::string value = {};     ///< what the help calls its value, "FORMAT"; empty: a switch
  std::string sentence = {};  ///< "how to print the answer"
  std::string fallback = {};  ///< its value when it is not given; shown in the help
  std::vector<std::string> choices = {};  ///< the only values it takes; empty: any
  Completes completes = Completes::kNothing;
  bool repeated = false;         ///< may be given more than once; otherwise that is refused
  std::string environment = {};  ///< the variable that stands in for it, "WEIR_HOME"
};

/// A word after the command's name.
struct Argument {
  std::string name;  ///< "KIND"
  std::string sentence = {};
  bool required = false;
  bool repeated = false;  ///< takes all remaining words; only the last one may
  Completes completes = Completes::kNothing;
};

struct Example {
  std::string command;
  std::string sentence = {};
};

/// One command, or a group of them, as data: parsing, help, completion, man pages and the reference
/// page all come from this description (cli/command_tree.cc holds the whole tree).
struct Command {
  using Run = std::function<Result<ExitCode>(const Arguments&, Session&)>;

  std::string name;
  std::string summary = {};      ///< one line, no full stop: "store manifests, all or nothing"
  std::string description = {};  ///< paragraphs, separated by empty lines; may be empty
  std::vector<Argument> arguments = {};
  std::vector<Flag> flags = {};
  std::vector<Example> examples = {};
  std::vector<Command> commands = {};  ///< a group has these and no `run`
  Run run = {};
  bool takes_flags = true;  ///< otherwise every word after its name is an argument
  bool hidden = false;      ///< left out of help, completion and reference

  const Command* Find(std::string_view command_name) const;
  const Flag* FindFlag(std::string_view flag_name) const;
  const Flag* FindFlag(char letter) const;
};

}  // namespace weir::cli
