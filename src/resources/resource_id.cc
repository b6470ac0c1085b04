#include "resources/resource_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace weir::resources {
namespace {

std::string_view Trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(Trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Error WrongId(std::string_view text) {
  return Invalid("{} is no resource id", text)
      .WithHint("write type:version:name:workspace, or type/name");
}

}  // namespace

std::string ResourceId::ToString() const {
  if (workspace.empty()) return fmt::format("{} {}", type, name);
  return fmt::format("{} {} in workspace {}", type, name, workspace);
}

Result<WrittenId> ParseResourceId(std::string_view text) {
  WrittenId written;
  if (text.find('|') != std::string_view::npos) {
    auto parts = Split(text, '|');
    if (parts.size() != 3 && parts.size() != 4) return WrongId(text);
    written = {
        .id = {.type = parts[2], .workspace = parts.size() == 4 ? parts[3] : "", .name = parts[0]},
        .api_version = parts[1]};
  } else if (text.find(':') != std::string_view::npos) {
    auto parts = Split(text, ':');
    if (parts.size() != 3 && parts.size() != 4) return WrongId(text);
    written = {
        .id = {.type = parts[0], .workspace = parts.size() == 4 ? parts[3] : "", .name = parts[2]},
        .api_version = parts[1]};
  } else {
    auto parts = Split(text, '/');
    if (parts.size() != 2) return WrongId(text);
    written = {.id = {.type = parts[0], .workspace = "", .name = parts[1]}};
  }
  if (written.id.type.empty() || written.id.name.empty()) return WrongId(text);
  return written;
}

std::string FormatResourceId(const ResourceId& id, std::string_view api_version) {
  return fmt::format("{}:{}:{}{}{}", id.type, api_version, id.name, id.workspace.empty() ? "" : ":",
                     id.workspace);
}

std::size_t ResourceIdHash::operator()(const ResourceId& id) const {
  const std::hash<std::string_view> hash;
  return hash(id.type) ^ (hash(id.workspace) * 31) ^ (hash(id.name) * 1009);
}

}  // namespace weir::resources
