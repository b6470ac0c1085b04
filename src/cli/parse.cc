#include "cli/parse.h"

#include <algorithm>

#include "base/nearest.h"
#include "cli/help.h"

namespace weir::cli {
namespace {

class Parser {
 public:
  Parser(const Command& root, std::span<const std::string> words) : words_(words) {
    parsed_.path.push_back(&root);
  }

  Result<Parsed> Read(const Environment& environment) {
    while (next_ < words_.size()) RETURN_IF_ERROR(ReadWord(words_[next_++]));
    if (parsed_.command().run == nullptr) parsed_.help = true;
    TakeUnsaid(environment);
    if (!parsed_.help) RETURN_IF_ERROR(CheckArguments());
    return std::move(parsed_);
  }

 private:
  Status ReadWord(const std::string& word) {
    if (only_words_ || word.size() < 2 || word[0] != '-') return ReadBare(word);
    if (word == "--") {
      only_words_ = true;
      return Ok();
    }
    return word[1] == '-' ? ReadLong(word) : ReadLetters(word);
  }

  Status ReadBare(const std::string& word) {
    const Command& command = parsed_.command();
    if (command.commands.empty()) return ReadArgument(word);
    const Command* const found = command.Find(word);
    if (found == nullptr) return UnknownCommand(word);
    parsed_.path.push_back(found);
    if (!found->takes_flags) only_words_ = true;
    return Ok();
  }

  Status ReadArgument(const std::string& word) {
    const std::vector<Argument>& expected = parsed_.command().arguments;
    if (argument_ >= expected.size()) {
      return Usage(
          fmt::format("{} takes no further word, but was given \"{}\"", NameOf(parsed_), word));
    }
    parsed_.arguments.Add(expected[argument_].name, word);
    if (!expected[argument_].repeated) ++argument_;
    return Ok();
  }

  Status ReadLong(const std::string& word) {
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (name == "help") {
      parsed_.help = true;
      return Ok();
    }
    const Flag* const flag = FindFlag(name);
    if (flag == nullptr) return UnknownFlag("--" + name);
    if (equals == std::string::npos) return TakeValue(*flag, std::nullopt);
    return TakeValue(*flag, word.substr(equals + 1));
  }

  Status ReadLetters(const std::string& word) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      if (word[i] == 'h') {
        parsed_.help = true;
        continue;
      }
      const Flag* flag = nullptr;
      for (const Command* command : parsed_.path) {
        if (const Flag* found = command->FindFlag(word[i])) flag = found;
      }
      if (flag == nullptr) return UnknownFlag(std::string("-") + word[i]);
      if (flag->value.empty()) {
        RETURN_IF_ERROR(TakeValue(*flag, std::nullopt));
        continue;
      }
      if (i + 1 == word.size()) return TakeValue(*flag, std::nullopt);
      const std::size_t start = word[i + 1] == '=' ? i + 2 : i + 1;
      return TakeValue(*flag, word.substr(start));
    }
    return Ok();
  }

  Status TakeValue(const Flag& flag, std::optional<std::string> value) {
    if (flag.value.empty()) {
      if (value) return Usage(fmt::format("--{} takes no value", flag.name));
      if (!parsed_.arguments.Has(flag.name)) parsed_.arguments.Add(flag.name, "true");
      return Ok();
    }
    if (!value) {
      if (next_ >= words_.size()) {
        return Usage(fmt::format("--{} needs a value, {}", flag.name, flag.value));
      }
      value = words_[next_++];
    }
    RETURN_IF_ERROR(CheckChoice(flag, "--" + flag.name, *value));
    if (!flag.repeated && parsed_.arguments.Has(flag.name)) {
      return Usage(fmt::format("--{} is given twice", flag.name));
    }
    parsed_.arguments.Add(flag.name, std::move(*value));
    return Ok();
  }

  // A flag that was not given is what its variable says, then what its description says.
  void TakeUnsaid(const Environment& environment) {
    for (const Command* const command : parsed_.path) {
      for (const Flag& flag : command->flags) {
        if (!flag.fallback.empty()) parsed_.arguments.SetFallback(flag.name, flag.fallback);
        if (flag.environment.empty() || parsed_.arguments.Has(flag.name)) continue;
        if (auto value = environment(flag.environment); value && !value->empty()) {
          parsed_.arguments.Add(flag.name, std::move(*value));
        }
      }
    }
  }

  Status CheckArguments() const {
    for (const Argument& argument : parsed_.command().arguments) {
      if (!argument.required || parsed_.arguments.Has(argument.name)) continue;
      return Usage(
          fmt::format("{} needs {}: {}", NameOf(parsed_), argument.name, argument.sentence));
    }
    return Ok();
  }

  const Flag* FindFlag(std::string_view name) const {
    const Flag* flag = nullptr;
    for (const Command* command : parsed_.path) {
      if (const Flag* found = command->FindFlag(name)) flag = found;
    }
    return flag;
  }

  Status CheckChoice(const Flag& flag, const std::string& spelled, const std::string& value) const {
    if (flag.choices.empty() || std::ranges::find(flag.choices, value) != flag.choices.end()) {
      return Ok();
    }
    const std::vector<std::string_view> known(flag.choices.begin(), flag.choices.end());
    Error error =
        Invalid("{} is one of {}, not \"{}\"", spelled, fmt::join(flag.choices, ", "), value);
    if (const auto nearest = Nearest(value, known)) {
      error.hint = fmt::format("did you mean {}?", *nearest);
    }
    return error;
  }

  Status UnknownCommand(const std::string& word) const {
    std::vector<std::string_view> known;
    for (const Command& command : parsed_.command().commands) {
      if (!command.hidden) known.push_back(command.name);
    }
    Error error = Invalid("{} has no command \"{}\"", NameOf(parsed_), word);
    const auto nearest = Nearest(word, known);
    error.hint = nearest ? fmt::format("did you mean \"{} {}\"?", NameOf(parsed_), *nearest)
                         : fmt::format("\"{} --help\" lists them", NameOf(parsed_));
    return error;
  }

  Status UnknownFlag(const std::string& spelled) const {
    std::vector<std::string_view> known = {"help"};
    for (const Command* const command : parsed_.path) {
      for (const Flag& flag : command->flags) known.push_back(flag.name);
    }
    Error error = Invalid("{} has no flag {}", NameOf(parsed_), spelled);
    const auto nearest =
        Nearest(std::string_view(spelled).substr(2 < spelled.size() ? 2 : 1), known);
    error.hint = nearest && spelled.size() > 2
                     ? fmt::format("did you mean --{}?", *nearest)
                     : fmt::format("\"{} --help\" lists them", NameOf(parsed_));
    return error;
  }

  Error Usage(std::string message) const {
    return Error{ErrorCode::kInvalid, std::move(message),
                 fmt::format("\"{} --help\" says how it is used", NameOf(parsed_))};
  }

  static std::string NameOf(const Parsed& parsed) { return FullName(parsed.path); }

  std::span<const std::string> words_;
  std::size_t next_ = 0;
  std::size_t argument_ = 0;
  bool only_words_ = false;
  Parsed parsed_;
};

}  // namespace

const Command* Command::Find(std::string_view command_name) const {
  const auto found = std::ranges::find(commands, command_name, &Command::name);
  return found == commands.end() ? nullptr : &*found;
}

const Flag* Command::FindFlag(std::string_view flag_name) const {
  const auto found = std::ranges::find(flags, flag_name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

const Flag* Command::FindFlag(char letter) const {
  const auto found = std::ranges::find(flags, letter, &Flag::letter);
  return found == flags.end() ? nullptr : &*found;
}

Result<Parsed> Parse(const Command& root, std::span<const std::string> words,
                     const Environment& environment) {
  return Parser(root, words).Read(environment);
}

}  // namespace weir::cli
