#include "resources/envelope.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <utility>

#include "base/check.h"
#include "resources/json_fields.h"
#include "resources/spec_secrets.h"
#include "resources/utf8.h"
#include "resources/yaml_reader.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

constexpr std::string_view kDefaultWorkspace = "public";

Place PlaceOfKey(const Place& manifest, const YamlNode* node, std::string_view key) {
  const auto* member = node == nullptr ? nullptr : node->FindMember(key);
  if (member == nullptr) return manifest;
  return {.source = manifest.source,
          .line = member->line,
          .column = member->column,
          .path = std::string(key)};
}

// An Open Data Fabric manifest as one of ours: the content is the spec, its name the name.
bool IsOdf(const json::object& object) {
  return object.contains("kind") && object.contains("content") && !object.contains("type");
}

json::value FromOdf(json::object& object) {
  json::object ours;
  json::object spec;
  if (object["content"].is_object()) spec = object["content"].as_object();
  // An alias may say whose the dataset is: `account/name`, and an account is a workspace.
  ours["name"] = spec["name"];
  if (const std::string alias = TextAt(spec, "name"); alias.find('/') != std::string::npos) {
    ours["workspace"] = alias.substr(0, alias.find('/'));
    ours["name"] = alias.substr(alias.find('/') + 1);
  }
  spec.erase("name");
  spec["timestamps"] = "milliseconds";
  ours["version"] = "v1";
  ours["type"] = "dataset";
  ours["dataset"] = std::move(spec);
  return ours;
}

Header HeaderOf(const json::object& object) {
  Header header{.api_version = TextAt(object, "version"),
                .description = TextAt(object, "description"),
                .owner = TextAt(object, "owner"),
                .layer = TextAt(object, "layer")};
  const json::value* tags = object.if_contains("tags");
  if (tags == nullptr) return header;
  for (const json::value& tag : tags->as_array()) {
    std::string text(tag.as_string());
    const bool known = std::find(header.tags.begin(), header.tags.end(), text) != header.tags.end();
    if (!known && !IsSystemTag(text)) header.tags.push_back(std::move(text));
  }
  return header;
}

}  // namespace

EnvelopeReader::EnvelopeReader(const KindRegistry& registry, Options options)
    : registry_(registry), options_(std::move(options)) {}

std::vector<Manifest> EnvelopeReader::ReadDocument(const Document& document,
                                                   Problems& problems) const {
  std::vector<Manifest> manifests;
  const auto nodes = ReadYaml(document.source, document.text, problems);
  if (!nodes) return manifests;
  for (const auto& node : *nodes) {
    auto manifest = Read(ToJson(*node), node, document.source, "", problems);
    if (manifest) manifests.push_back(std::move(*manifest));
  }
  return manifests;
}

std::optional<Manifest> EnvelopeReader::Read(json::value value,
                                             std::shared_ptr<const YamlNode> node,
                                             const std::string& source, std::string_view workspace,
                                             Problems& problems) const {
  const Place place{.source = source,
                    .line = node == nullptr ? 0 : node->line,
                    .column = node == nullptr ? 0 : node->column};
  if (!value.is_object()) {
    problems.Add(place, "a manifest is a mapping with name, version and type");
    return std::nullopt;
  }
  const bool odf = IsOdf(value.as_object());
  if (odf) value = FromOdf(value.as_object());
  json::object& object = value.as_object();
  object.erase("status");
  object.erase("weir");
  const Kind* kind = FindKind(object, place, node.get(), problems);
  if (kind == nullptr) return std::nullopt;

  const std::size_t before = problems.total();
  const SchemaSite site{.source = source, .node = odf ? nullptr : node.get()};
  CheckAgainst(registry_.SchemaOf(*kind).root(), site, value, problems);
  if (problems.total() != before) return std::nullopt;

  const KindInfo& info = kind->info();
  Manifest manifest{.id = {.type = info.type, .workspace = "", .name = TextAt(object, "name")},
                    .header = HeaderOf(object),
                    .spec = std::move(object[info.type].as_object()),
                    .source = source,
                    .document = node};
  if (node != nullptr) {
    const YamlNode* spec_node = node->Find(odf ? std::string_view("content") : info.type);
    manifest.spec_node = std::shared_ptr<const YamlNode>(node, spec_node);
  }
  if (!info.name_rule.Allows(manifest.id.name)) {
    problems.Add(PlaceOfKey(place, node.get(), "name"),
                 fmt::format("{} is no name for a {}", manifest.id.name.substr(0, 64), info.type),
                 info.name_rule.ToString());
  }
  auto chosen =
      WorkspaceOf(*kind, object, workspace, PlaceOfKey(place, node.get(), "workspace"), problems);
  if (chosen) manifest.id.workspace = std::move(*chosen);
  ReadFiles(*kind, source, manifest, problems);
  if (problems.total() == before) kind->Validate(manifest, problems);
  if (problems.total() == before) RefuseHidden(manifest, problems);
  if (problems.total() != before) return std::nullopt;
  return manifest;
}

const Kind* EnvelopeReader::FindKind(const json::object& object, const Place& place,
                                     const YamlNode* node, Problems& problems) const {
  const json::value* type = object.if_contains("type");
  if (type == nullptr) {
    problems.Add(place, "type is missing", "it says what is declared: type: secret");
    return nullptr;
  }
  const Place at = PlaceOfKey(place, node, "type");
  if (!type->is_string()) {
    problems.Add(at, "type must be text");
    return nullptr;
  }
  auto kind = registry_.Get(type->as_string());
  if (kind) return *kind;
  problems.Add({.place = at,
                .message = kind.error().message,
                .hint = kind.error().hint,
                .code = kind.error().code});
  return nullptr;
}

std::optional<std::string> EnvelopeReader::WorkspaceOf(const Kind& kind, const json::object& object,
                                                       std::string_view workspace,
                                                       const Place& place,
                                                       Problems& problems) const {
  if (kind.info().scope == Scope::kInstance) return "";
  const std::string_view outer = workspace.empty() ? options_.workspace : workspace;
  std::string written = TextAt(object, "workspace");
  if (!written.empty() && !outer.empty() && written != outer) {
    problems.Add(
        place,
        fmt::format("the manifest is for workspace {}, and {} was asked for", written, outer),
        "leave one of the two out");
    return std::nullopt;
  }
  if (!written.empty()) return written;
  return std::string(outer.empty() ? kDefaultWorkspace : outer);
}

void EnvelopeReader::ReadFiles(const Kind& kind, const std::string& source, Manifest& manifest,
                               Problems& problems) const {
  if (manifest.document == nullptr) return;  // a stored version holds the content already
  json::value spec = std::move(manifest.spec);
  const auto read = [&](const SchemaNode& /*schema*/, const std::string& pointer,
                        json::value& name) {
    const Document* file = FindAttachment(source, name.as_string());
    if (file == nullptr) {
      problems.Add(manifest.PlaceOf(pointer),
                   fmt::format("the file {} was not sent", std::string_view(name.as_string())),
                   "weir apply -f sends the files that manifests name");
    } else if (!IsUtf8(file->text)) {
      problems.Add(manifest.PlaceOf(pointer),
                   fmt::format("the file {} is no UTF-8 text", file->source),
                   "encode it in base64");
    } else {
      name = json::string(file->text);
    }
    return Ok();
  };
  const Status walked = VisitMarked(registry_.SpecSchemaOf(kind), Mark::kFile, spec, read);
  WEIR_CHECK(walked.has_value());
  manifest.spec = std::move(spec.as_object());
}

// Output that is applied again must not replace each secret by the stars that stood for it.
void EnvelopeReader::RefuseHidden(const Manifest& manifest, Problems& problems) const {
  const auto refuse = [&](const SchemaNode& schema, const std::string& pointer,
                          json::value& secret) {
    if (schema.secret && secret.is_string() && secret.as_string() == kHidden) {
      problems.Add(manifest.PlaceOf(pointer),
                   fmt::format("{} stands for a value that is not shown", kHidden),
                   "write the value, or apply the manifest that has it");
    }
    return Ok();
  };
  const Kind* kind = registry_.Find(manifest.id.type);
  const SchemaNode& schema = registry_.SpecSchemaOf(*kind);
  if (!schema.holds_secrets) return;
  json::value spec = manifest.spec;
  const Status walked = VisitMarked(schema, Mark::kSecretOrManifest, spec, refuse);
  WEIR_CHECK(walked.has_value());
}

const Document* EnvelopeReader::FindAttachment(std::string_view source,
                                               std::string_view name) const {
  const std::string wanted = JoinSource(source, name);
  const auto found =
      std::find_if(options_.attachments.begin(), options_.attachments.end(),
                   [&wanted](const Document& file) { return file.source == wanted; });
  return found == options_.attachments.end() ? nullptr : &*found;
}

}  // namespace weir::resources
