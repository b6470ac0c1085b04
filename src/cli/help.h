#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/command.h"

namespace weir::cli {

/// "weir backup create" for the path to it.
std::string FullName(std::span<const Command* const> path);

/// "weir get [KIND] [NAME...] [flags]"
std::string UsageOf(std::span<const Command* const> path);

/// "-o, --output FORMAT"; "    --watch" for a switch without a letter.
std::string SpellingOf(const Flag& flag);

/// The sentence of a flag with its choices, its fallback and its variable.
std::string SentenceOf(const Flag& flag);

/// What `--help` prints, wrapped to `width` columns.
std::string HelpOf(std::span<const Command* const> path, std::size_t width);

}  // namespace weir::cli
