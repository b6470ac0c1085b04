// The YAML reader on any bytes: it gives one problem or trees within its limits, and a tree that is
// written out reads back the same. What reads is also taken for a manifest, with a kind that has
// every sort of key.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "resources/core_kinds.h"
#include "resources/envelope.h"
#include "resources/kind_registry.h"
#include "resources/yaml_reader.h"
#include "resources/yaml_writer.h"

namespace weir::resources {
namespace {

constexpr YamlLimits kLimits{.max_bytes = 1 << 20, .max_nodes = 100'000, .max_alias_nodes = 10'000};

const KindRegistry& Registry() {
  static const KindRegistry* const registry = [] {
    auto* made = new KindRegistry();
    made->Add(MakeWorkspaceKind());
    made->Add(MakeBundleKind(*made));
    return made;
  }();
  return *registry;
}

void ReadAsManifest(std::string_view text) {
  Problems problems;
  const EnvelopeReader reader(Registry(), {});
  const auto manifests =
      reader.ReadDocument({.source = "fuzz", .text = std::string(text)}, problems);
  for (const Manifest& manifest : manifests) {
    WEIR_CHECK(Registry().Find(manifest.id.type)->info().name_rule.Allows(manifest.id.name));
  }
}

void Read(std::string_view text) {
  Problems problems;
  const auto documents = ReadYaml("fuzz", text, problems, kLimits);
  WEIR_CHECK(documents.has_value() == problems.empty());
  if (!documents) return;
  for (const auto& document : *documents) {
    const boost::json::value value = ToJson(*document);
    const std::string written = WriteYaml(value);
    const auto again = ReadYaml("again", written, problems);
    WEIR_CHECK_MSG(again.has_value() && again->size() == 1, written);
    WEIR_CHECK_MSG(ToJson(*again->front()) == value, written);
  }
  ReadAsManifest(text);
}

}  // namespace
}  // namespace weir::resources

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weir::resources::Read({reinterpret_cast<const char*>(data), size});
  return 0;
}
