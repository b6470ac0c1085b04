#pragma once

#include <string>
#include <vector>

#include "resources/kind_registry.h"
#include "resources/problem.h"
#include "resources/yaml_node.h"

namespace weir::resources {

/// A file that a manifest names.
struct NamedFile {
  std::string name;          ///< as written
  Place place;               ///< where
  bool is_manifest = false;  ///< of a bundle's resource: it may name files itself
};

/// Which files the manifest at `node` names, by what its kind's schema says; inline manifests of a
/// bundle included. Nothing for what is no manifest of a kind that is here.
std::vector<NamedFile> FilesNamedIn(const KindRegistry& registry, const std::string& source,
                                    const std::shared_ptr<const YamlNode>& node);

}  // namespace weir::resources
