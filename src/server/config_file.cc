#include "server/config_file.h"

#include "resources/yaml_reader.h"

namespace weir::server {
namespace {

using resources::YamlNode;

// A configuration is some dozen lines; a larger file is some other file.
constexpr std::size_t kFileLimit = 256 << 10;

Error At(const std::string& source, const YamlNode& node, std::string_view message) {
  return Invalid("{}:{}:{}: {}", source, node.line, node.column, message);
}

Status Flatten(const std::string& source, const std::string& prefix, const YamlNode& node,
               std::vector<FileEntry>& entries) {
  for (const YamlNode::Member& member : node.members) {
    const std::string name = prefix.empty() ? member.key : prefix + "." + member.key;
    const YamlNode& value = member.value;
    if (value.type == YamlNode::Type::kMapping) {
      RETURN_IF_ERROR(Flatten(source, name, value, entries));
    } else if (value.type == YamlNode::Type::kSequence) {
      return At(source, value, fmt::format("{} is a list, and no option is one", name));
    } else {
      entries.push_back({.name = name, .value = value.text, .line = member.line});
    }
  }
  return Ok();
}

}  // namespace

Result<std::vector<FileEntry>> ReadConfigFile(const std::filesystem::path& path,
                                              const Files& files) {
  ASSIGN_OR_RETURN(const std::string text, files.ReadAll(path, kFileLimit));
  const std::string source = path.filename().string();
  resources::Problems problems;
  const auto documents = resources::ReadYaml(source, text, problems);
  if (!documents) return problems.AsError();
  std::vector<FileEntry> entries;
  if (documents->empty()) return entries;
  if (documents->size() > 1) return Invalid("{} holds more than one document", source);
  const YamlNode& root = *documents->front();
  if (root.type != YamlNode::Type::kMapping) {
    return At(source, root, "a configuration is a mapping of options");
  }
  RETURN_IF_ERROR(Flatten(source, "", root, entries));
  return entries;
}

}  // namespace weir::server
