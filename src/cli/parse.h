#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"

namespace weir::cli {

/// Which command was meant, and what it was given.
struct Parsed {
  std::vector<const Command*> path;  ///< from the root to the command
  Arguments arguments = {};
  bool help = false;  ///< --help was among the words, or the command is a group

  const Command& command() const { return *path.back(); }
};

using Environment = std::function<std::optional<std::string>(std::string_view name)>;

/// Reads `words` (without the program's name) as POSIX and GNU programs do: -x, -xVALUE, -x VALUE,
/// -xyz, --name VALUE, --name=VALUE, and -- before words that are no flags. The first bare words
/// name the command; after that no word is taken for a command again, so that a resource may be
/// called `status`. kInvalid names the unknown command or flag and the nearest known one. `root`
/// must outlive the answer.
Result<Parsed> Parse(const Command& root, std::span<const std::string> words,
                     const Environment& environment);

}  // namespace weir::cli
