#include "resources/named_files.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "resources/manifest.h"

namespace weir::resources {
namespace {

constexpr int kMaxDepth = 4;

class Collector {
 public:
  Collector(const KindRegistry& registry, std::string source)
      : registry_(registry), source_(std::move(source)) {}

  void Add(const std::shared_ptr<const YamlNode>& node, int depth);
  std::vector<NamedFile> Take() { return std::move(files_); }

 private:
  void AddBundle(const Manifest& bundle, int depth);

  const KindRegistry& registry_;
  const std::string source_;
  std::vector<NamedFile> files_;
};

void Collector::Add(const std::shared_ptr<const YamlNode>& node, int depth) {
  const YamlNode* type = node->Find("type");
  const Kind* kind = type == nullptr ? nullptr : registry_.Find(type->text);
  const YamlNode* spec_node = kind == nullptr ? nullptr : node->Find(type->text);
  if (spec_node == nullptr || depth > kMaxDepth) return;
  const Manifest manifest{.id = {.type = type->text, .workspace = "", .name = ""},
                          .source = source_,
                          .document = node,
                          .spec_node = {node, spec_node}};
  boost::json::value spec = ToJson(*spec_node);
  const auto note = [&](const SchemaNode& /*schema*/, const std::string& pointer,
                        boost::json::value& name) {
    if (name.is_string()) {
      files_.push_back({.name = std::string(name.as_string()), .place = manifest.PlaceOf(pointer)});
    }
    return Ok();
  };
  const Status walked = VisitMarked(registry_.SpecSchemaOf(*kind), Mark::kFile, spec, note);
  WEIR_CHECK(walked.has_value());
  if (type->text == "bundle") AddBundle(manifest, depth);
}

void Collector::AddBundle(const Manifest& bundle, int depth) {
  const YamlNode* resources = bundle.spec_node->Find("resources");
  if (resources == nullptr) return;
  for (std::size_t at = 0; at < resources->items.size(); ++at) {
    const YamlNode& entry = resources->items[at];
    if (const YamlNode* file = entry.Find("file"); file != nullptr && file->is_scalar()) {
      files_.push_back({.name = file->text,
                        .place = bundle.PlaceOf(fmt::format("/resources/{}/file", at)),
                        .is_manifest = true});
    }
    if (const YamlNode* inner = entry.Find("spec")) Add({bundle.spec_node, inner}, depth + 1);
  }
}

}  // namespace

std::vector<NamedFile> FilesNamedIn(const KindRegistry& registry, const std::string& source,
                                    const std::shared_ptr<const YamlNode>& node) {
  Collector collector(registry, source);
  collector.Add(node, 0);
  return collector.Take();
}

}  // namespace weir::resources
