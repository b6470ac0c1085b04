#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
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

  /// One manifest as a value. `node` is where it was written, null if it was not; `workspace` is
  /// the one it stands in by its surroundings, empty if they do not say.
  std::optional<Manifest> Read(boost::json::value value, std::shared_ptr<const YamlNode> node,
                               const std::string& source, std::string_view workspace,
                               Problems& problems) const;

  /// The file that `name` in `source` means; null when it was not sent.
  const Document* FindAttachment(std::string_view source, std::string_view name) const;

  const KindRegistry& registry() const { return registry_; }

 private:
  const Kind* FindKind(const boost::json::object& object, const Place& place, const YamlNode* node,
                       Problems& problems) const;
  std::optional<std::string> WorkspaceOf(const Kind& kind, const boost::json::object& object,
                                         std::string_view workspace, const Place& place,
                                         Problems& problems) const;
  void RefuseHidden(const Manifest& manifest, Problems& problems) const;
  void ReadFiles(const Kind& kind, const std::string& source, Manifest& manifest,
                 Problems& problems) const;

  const KindRegistry& registry_;
  const Options options_;
};

}  // namespace weir::resources
