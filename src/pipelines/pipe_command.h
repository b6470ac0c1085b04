#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"

namespace weir::pipelines {

/// Runs `command` (program and arguments; no shell, an empty environment but for PATH) with `input`
/// as its standard input and the new file `output` as its
/// standard output. It is killed when `context` ends or it has written more than `max_bytes`.
/// kInvalid when it cannot be run or fails, with the last line of its standard error.
Status PipeThrough(const Context& context, const std::vector<std::string>& command,
                   const std::filesystem::path& input, const std::filesystem::path& output,
                   std::uint64_t max_bytes);

}  // namespace weir::pipelines
