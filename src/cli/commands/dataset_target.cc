#include "cli/commands/dataset_target.h"

#include <filesystem>

namespace weir::cli {

Argument DatasetArgument() {
  return {
      .name = "NAME", .sentence = "the dataset", .required = true, .completes = Completes::kNames};
}

std::string DatasetPath(std::string_view name, std::string_view tail) {
  return "/api/datasets/" + Escaped(name) + std::string(tail);
}

std::vector<std::pair<std::string, std::string>> WorkspaceQuery(const Arguments& arguments) {
  return {{"workspace", arguments.Text("workspace")}};
}

std::string RepositoryUrl(const std::string& typed) {
  if (typed.find("://") != std::string::npos) return typed;
  return std::filesystem::absolute(typed).lexically_normal().string();
}

}  // namespace weir::cli
