#include "pipelines/source_rights.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <variant>

namespace weir::pipelines {
namespace {

namespace fs = std::filesystem;

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool IsInside(const fs::path& path, const fs::path& directory) {
  const auto end = std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return end.first == directory.end();
}

// Without a slash at its end, which would be a part of its own.
std::optional<fs::path> Canonical(const fs::path& path) {
  std::error_code failed;
  fs::path canonical = fs::canonical(path, failed);
  return failed ? std::nullopt : std::optional(std::move(canonical));
}

}  // namespace

Result<fs::path> SourceRights::CheckPath(const fs::path& path) const {
  const auto canonical = Canonical(path);
  if (is_owner) {
    if (!canonical) return NotFound("there is no file {}", path.string());
    return *canonical;
  }
  const bool is_allowed = canonical && std::ranges::any_of(paths, [&](const fs::path& directory) {
                            const auto root = Canonical(directory);
                            return root && IsInside(*canonical, *root);
                          });
  if (is_allowed) return *canonical;
  return Denied("sources may not read {}", path.string())
      .WithHint("the directories that they may read are sources.paths in weir.yaml");
}

Status SourceRights::CheckCommands(const std::vector<odf::PrepStep>& steps) const {
  if (is_owner) return Ok();
  for (const odf::PrepStep& step : steps) {
    const auto* pipe = std::get_if<odf::PrepStepPipe>(&step.value);
    if (pipe == nullptr || pipe->command.empty()) continue;
    if (std::ranges::find(commands, pipe->command.front()) != commands.end()) continue;
    return Denied("sources may not run {}", pipe->command.front())
        .WithHint("the commands that they may run are sources.commands in weir.yaml");
  }
  return Ok();
}

Result<std::string> SourceRights::FillIn(const std::string& text) const {
  constexpr std::string_view kOpen = "${{";
  constexpr std::string_view kClose = "}}";
  std::string filled;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = text.find(kOpen, at);
    filled += text.substr(at, open - at);
    if (open == std::string::npos) return filled;
    const std::size_t close = text.find(kClose, open);
    if (close == std::string::npos) return Invalid("a ${{ is not closed with a }}");
    const std::string_view inner =
        Trimmed(std::string_view(text).substr(open + kOpen.size(), close - open - kOpen.size()));
    if (!inner.starts_with("env.")) {
      return Invalid("{} is nothing that can be filled in", inner).WithHint("there is env.NAME");
    }
    const std::string name(inner.substr(4));
    at = close + kClose.size();
    if (const auto own = variables.find(name); own != variables.end()) {
      filled += own->second;
      continue;
    }
    if (!is_owner && std::ranges::find(env, name) == env.end()) {
      return Denied("sources may not use the variable {}", name)
          .WithHint(
              "declare it under variables of the dataset; those of the server that sources may use "
              "are "
              "sources.env in weir.yaml");
    }
    const char* const value = std::getenv(name.c_str());  // NOLINT: nothing here changes it
    if (value == nullptr) return Invalid("the variable {} is not set", name);
    filled += value;
  }
}

Error SourceRights::WithoutValues(Error error) const {
  for (const auto& [name, value] : variables) {
    if (value.empty()) continue;
    for (std::string* text : {&error.message, &error.hint}) {
      constexpr std::string_view kHidden = "****";
      for (std::size_t at = text->find(value); at != std::string::npos;
           at = text->find(value, at + kHidden.size())) {
        text->replace(at, value.size(), kHidden);
      }
    }
  }
  return error;
}

}  // namespace weir::pipelines
