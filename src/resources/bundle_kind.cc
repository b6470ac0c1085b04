#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/nearest.h"
#include "resources/bundle_schema.h"
#include "resources/bundle_status.h"
#include "resources/core_kinds.h"
#include "resources/envelope.h"
#include "resources/json_fields.h"
#include "resources/yaml_reader.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

// The node of item `index` of the list `key`; null when the bundle was not written in a text.
std::shared_ptr<const YamlNode> ItemNode(const Manifest& manifest, std::string_view key,
                                         std::size_t index) {
  if (manifest.spec_node == nullptr) return nullptr;
  const YamlNode* list = manifest.spec_node->Find(key);
  if (list == nullptr || index >= list->items.size()) return nullptr;
  return {manifest.spec_node, &list->items[index]};
}

json::value ManifestOfWorkspace(const json::object& entry) {
  json::object manifest = entry;
  json::object spec;
  if (const json::value* labels = entry.if_contains("labels")) spec["labels"] = *labels;
  manifest.erase("labels");
  manifest["version"] = "v1";
  manifest["type"] = "workspace";
  manifest["workspace"] = std::move(spec);
  return manifest;
}

class BundleKind final : public Kind {
 public:
  explicit BundleKind(const KindRegistry& registry)
      : Kind({.type = "bundle",
              .description = "Resources that are made, changed and deleted together",
              .versions = {"v1beta", "v1alpha"},
              .scope = Scope::kInstance,
              .schema = kBundleSchema}),
        registry_(registry) {}

  void Validate(const Manifest& manifest, Problems& problems) const override;
  Children ReadChildren(Manifest& manifest, const EnvelopeReader& reader,
                        Problems& problems) const override;
  Result<ResourceStatus> StatusOf(control::Snapshot& snapshot, const Resource& resource,
                                  const ResourceStatus* /*written*/) const override {
    return StatusOfBundle(snapshot, registry_, resource);
  }

 private:
  std::optional<Manifest> ReadResource(const Manifest& bundle, std::size_t index,
                                       json::object& entry, const EnvelopeReader& reader,
                                       Problems& problems) const;

  const KindRegistry& registry_;
};

// Every id once, every reference to an id that is there, and a manifest in exactly one way.
void BundleKind::Validate(const Manifest& manifest, Problems& problems) const {
  const json::array& resources = ArrayAt(manifest.spec, "resources");
  std::vector<std::string> ids;
  for (const json::value& entry : resources) ids.push_back(TextAt(entry.as_object(), "id"));
  const std::vector<std::string_view> known(ids.begin(), ids.end());
  const auto check = [&](const std::string& id, const std::string& pointer) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return;
    const auto nearest = Nearest(id, known);
    problems.Add(manifest.PlaceOf(pointer), fmt::format("no resource of the bundle has id {}", id),
                 nearest ? fmt::format("did you mean {}?", *nearest) : "");
  };
  for (std::size_t at = 0; at < resources.size(); ++at) {
    const json::object& entry = resources[at].as_object();
    const std::string pointer = fmt::format("/resources/{}", at);
    if (std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(at), ids[at]) !=
        ids.begin() + static_cast<std::ptrdiff_t>(at)) {
      problems.Add(manifest.PlaceOf(pointer + "/id"), fmt::format("id {} is there twice", ids[at]));
    }
    if (entry.contains("spec") == entry.contains("file")) {
      problems.Add(manifest.PlaceOf(pointer),
                   fmt::format("resource {} needs either spec or file", ids[at]));
    }
    std::size_t position = 0;
    for (const json::value& id : ArrayAt(entry, "dependencies")) {
      check(std::string(id.as_string()), fmt::format("{}/dependencies/{}", pointer, position++));
    }
    position = 0;
    for (const json::value& condition : ArrayAt(entry, "dependencyConditions")) {
      check(TextAt(condition.as_object(), "resourceId"),
            fmt::format("{}/dependencyConditions/{}/resourceId", pointer, position++));
    }
  }
}

Children BundleKind::ReadChildren(Manifest& manifest, const EnvelopeReader& reader,
                                  Problems& problems) const {
  Children children;
  const json::array& workspaces = ArrayAt(manifest.spec, "workspaces");
  for (std::size_t at = 0; at < workspaces.size(); ++at) {
    auto child = reader.Read(ManifestOfWorkspace(workspaces[at].as_object()),
                             ItemNode(manifest, "workspaces", at), manifest.source, "", problems);
    if (child) children.manifests.push_back(std::move(*child));
  }
  if (!manifest.spec.contains("resources")) return children;
  std::unordered_map<std::string, std::size_t> positions;
  json::array& resources = manifest.spec["resources"].as_array();
  for (std::size_t at = 0; at < resources.size(); ++at) {
    json::object& entry = resources[at].as_object();
    auto child = ReadResource(manifest, at, entry, reader, problems);
    if (!child) continue;
    entry["spec"] = ToJson(child->id, child->header, child->spec);
    entry.erase("file");
    positions[TextAt(entry, "id")] = children.manifests.size();
    children.manifests.push_back(std::move(*child));
  }
  for (const json::value& entry : resources) {
    const auto child = positions.find(TextAt(entry.as_object(), "id"));
    for (const json::value& id : ArrayAt(entry.as_object(), "dependencies")) {
      const auto needed = positions.find(std::string(id.as_string()));
      if (child == positions.end() || needed == positions.end()) continue;
      children.needs.emplace_back(child->second, needed->second);
    }
  }
  return children;
}

std::optional<Manifest> BundleKind::ReadResource(const Manifest& bundle, std::size_t index,
                                                 json::object& entry, const EnvelopeReader& reader,
                                                 Problems& problems) const {
  const std::string workspace = TextAt(entry, "workspace");
  if (!entry.contains("file")) {
    auto node = ItemNode(bundle, "resources", index);
    if (node != nullptr) node = {node, node->Find("spec")};
    return reader.Read(entry["spec"], node, bundle.source, workspace, problems);
  }
  const std::string name = TextAt(entry, "file");
  const Place place = bundle.PlaceOf(fmt::format("/resources/{}/file", index));
  const Document* file = reader.FindAttachment(bundle.source, name);
  if (file == nullptr) {
    problems.Add(place, fmt::format("the file {} was not sent", name),
                 "weir apply -f sends the files that manifests name");
    return std::nullopt;
  }
  const auto nodes = ReadYaml(file->source, file->text, problems);
  if (!nodes) return std::nullopt;
  if (nodes->size() != 1) {
    problems.Add(
        place, fmt::format("{} must hold one manifest, and holds {}", file->source, nodes->size()));
    return std::nullopt;
  }
  return reader.Read(ToJson(*nodes->front()), nodes->front(), file->source, workspace, problems);
}

}  // namespace

std::unique_ptr<Kind> MakeBundleKind(const KindRegistry& registry) {
  return std::make_unique<BundleKind>(registry);
}

}  // namespace weir::resources
