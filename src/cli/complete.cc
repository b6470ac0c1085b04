#include "cli/complete.h"

#include <algorithm>

namespace weir::cli {
namespace {

class Completer {
 public:
  explicit Completer(const Command& root) : path_{&root} {}

  void Read(const std::string& word) {
    if (awaiting_ != nullptr) {
      awaiting_ = nullptr;
    } else if (only_words_ || word.size() < 2 || word[0] != '-') {
      ReadBare(word);
    } else if (word == "--") {
      only_words_ = true;
    } else {
      awaiting_ = FlagAwaitingValue(word);
    }
  }

  Completion Offer(const std::string& typed) const {
    if (awaiting_ != nullptr) return ValuesOf(*awaiting_, "", typed);
    if (!only_words_ && typed.starts_with("--") && typed.find('=') != std::string::npos) {
      const std::size_t equals = typed.find('=');
      const Flag* const flag = FindFlag(typed.substr(2, equals - 2));
      if (flag == nullptr) return {};
      return ValuesOf(*flag, typed.substr(0, equals + 1), typed.substr(equals + 1));
    }
    if (!only_words_ && typed.starts_with('-')) return Flags(typed);
    return command().commands.empty() ? ArgumentValues(typed) : Commands(typed);
  }

 private:
  const Command& command() const { return *path_.back(); }

  void ReadBare(const std::string& word) {
    if (command().commands.empty()) {
      if (arguments_++ == 0) first_argument_ = word;
    } else if (const Command* const found = command().Find(word)) {
      path_.push_back(found);
    }
  }

  const Flag* FindFlag(std::string_view name) const {
    for (const Command* const one : path_) {
      if (const Flag* const flag = one->FindFlag(name)) return flag;
    }
    return nullptr;
  }

  // The flag whose value is the next word: --output, -o, -Ro.
  const Flag* FlagAwaitingValue(const std::string& word) const {
    if (word.find('=') != std::string::npos) return nullptr;
    const Flag* flag = nullptr;
    if (word.starts_with("--")) {
      flag = FindFlag(std::string_view(word).substr(2));
    } else {
      for (const Command* const one : path_) {
        if (const Flag* const found = one->FindFlag(word.back())) flag = found;
      }
    }
    return flag == nullptr || flag->value.empty() ? nullptr : flag;
  }

  static Completion ValuesOf(const Flag& flag, std::string prefix, std::string typed) {
    Completion completion{
        .what = flag.completes, .prefix = std::move(prefix), .typed = std::move(typed)};
    for (const std::string& choice : flag.choices) completion.candidates.push_back({choice});
    return completion;
  }

  Completion Flags(const std::string& typed) const {
    Completion completion{.typed = typed};
    for (auto one = path_.rbegin(); one != path_.rend(); ++one) {
      for (const Flag& flag : (*one)->flags) {
        completion.candidates.push_back({"--" + flag.name, flag.sentence});
      }
    }
    completion.candidates.push_back({"--help", "how it is used"});
    return completion;
  }

  Completion Commands(const std::string& typed) const {
    Completion completion{.typed = typed};
    for (const Command& child : command().commands) {
      if (!child.hidden) completion.candidates.push_back({child.name, child.summary});
    }
    return completion;
  }

  Completion ArgumentValues(const std::string& typed) const {
    const std::vector<Argument>& expected = command().arguments;
    if (expected.empty()) return {.typed = typed};
    const std::size_t index = std::min(arguments_, expected.size() - 1);
    const Argument& argument = expected[index];
    if (index < arguments_ && !argument.repeated) return {.typed = typed};
    return {.what = argument.completes, .typed = typed, .kind = first_argument_};
  }

  std::vector<const Command*> path_;
  const Flag* awaiting_ = nullptr;
  bool only_words_ = false;
  std::size_t arguments_ = 0;
  std::string first_argument_;
};

}  // namespace

Completion Complete(const Command& root, std::span<const std::string> words) {
  Completer completer(root);
  if (words.empty()) return completer.Offer("");
  for (const std::string& word : words.first(words.size() - 1)) completer.Read(word);
  Completion completion = completer.Offer(words.back());
  std::erase_if(completion.candidates, [&](const Candidate& candidate) {
    return !candidate.text.starts_with(completion.typed);
  });
  return completion;
}

}  // namespace weir::cli
