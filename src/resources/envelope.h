#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resources/apply_request.h"
#include "resources/kind_registry.h"
#include "resources/manifest.h"
#include "resources/problem.h"
#include "resources/yaml_node.h"

namespace weir::resources {

/// Reads documents into manifests: the header, then the mapping named after the type, checked
/// against the kind's schema and rules. Pure.
///
/// An ODF manifest (`kind: DatasetSnapshot`) is read as type `dataset`. `status` and `weir`, which
/// output adds, are skipped. Lives for one request; the registry and the attachments outlive it.
class EnvelopeReader {
 public:
  struct Options {
    std::string workspace = {};  ///< of the request; a manifest that names another one is refused
    std::span<const Document> attachments = {};
  };

  EnvelopeReader(const KindRegistry& registry, Options options);

  /// Every manifest of `document`; what is wrong goes to `problems`.
  std::vector<Manifest> ReadDocument(const Document& document, Problems& problems) const;

  /// One manifest that was written at `node` of a document of ours. `workspace` comes before the
  /// request's.
  std::optional<Manifest> Read(const std::shared_ptr<const YamlNode>& node,
                               const std::string& source, std::string_view workspace,
                               Problems& problems) const;

  /// The file that `name` in `source` means; null when it was not sent.
  const Document* FindAttachment(std::string_view source, std::string_view name) const;

  const KindRegistry& registry() const { return registry_; }

 private:
  const KindRegistry& registry_;
  const Options options_;
};

}  // namespace weir::resources
