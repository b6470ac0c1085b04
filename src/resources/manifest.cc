#include "resources/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <charconv>

#include "resources/json_fields.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

std::string Unescaped(std::string_view part) {
  std::string text;
  for (std::size_t at = 0; at < part.size(); ++at) {
    if (part[at] == '~' && at + 1 < part.size()) {
      ++at;
      text += part[at] == '1' ? '/' : '~';
    } else {
      text += part[at];
    }
  }
  return text;
}

// The child of `node` that one part of a pointer names. A mapping's child stands where its key is.
const YamlNode* StepInto(const YamlNode& node, const std::string& part, Place& place) {
  if (node.type == YamlNode::Type::kMapping) {
    const auto* member = node.FindMember(part);
    if (member == nullptr) return nullptr;
    place.line = member->line;
    place.column = member->column;
    return &member->value;
  }
  std::size_t index = 0;
  const auto parsed = std::from_chars(part.data(), part.data() + part.size(), index);
  if (parsed.ec != std::errc() || index >= node.items.size()) return nullptr;
  const YamlNode& item = node.items[index];
  place.line = item.line;
  place.column = item.column;
  return &item;
}

bool IsIndex(const std::string& part) {
  return !part.empty() &&
         std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Place Manifest::place() const {
  return {.source = source,
          .line = document == nullptr ? 0 : document->line,
          .column = document == nullptr ? 0 : document->column};
}

Place Manifest::PlaceOf(std::string_view pointer) const {
  Place place = this->place();
  place.path = id.type;
  const YamlNode* node = spec_node.get();
  if (node != nullptr) {
    place.line = node->line;
    place.column = node->column;
  }
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::string part = Unescaped(pointer.substr(0, pointer.find('/')));
    place.path += IsIndex(part) ? fmt::format("[{}]", part) : fmt::format(".{}", part);
    if (node != nullptr) node = StepInto(*node, part, place);
    const auto next = pointer.find('/');
    pointer = next == std::string_view::npos ? std::string_view() : pointer.substr(next);
  }
  return place;
}

std::vector<std::string> SystemTags(const ResourceId& id, const Header& header) {
  std::vector<std::string> tags{"dataos:type:resource", fmt::format("dataos:resource:{}", id.type),
                                fmt::format("dataos:layer:{}", header.layer)};
  if (!id.workspace.empty()) tags.push_back(fmt::format("dataos:workspace:{}", id.workspace));
  return tags;
}

bool IsSystemTag(std::string_view tag) {
  return tag.starts_with("dataos:type:") || tag.starts_with("dataos:resource:") ||
         tag.starts_with("dataos:layer:") || tag.starts_with("dataos:workspace:");
}

boost::json::object ToJson(const ResourceId& id, const Header& header,
                           const boost::json::object& spec) {
  json::object object;
  object["name"] = id.name;
  object["version"] = header.api_version;
  object["type"] = id.type;
  if (!header.tags.empty()) object["tags"] = ArrayOf(header.tags);
  if (!header.description.empty()) object["description"] = header.description;
  if (!header.owner.empty()) object["owner"] = header.owner;
  object["layer"] = header.layer;
  if (!id.workspace.empty()) object["workspace"] = id.workspace;
  object[id.type] = spec;
  return object;
}

}  // namespace weir::resources
