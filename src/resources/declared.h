#pragma once

#include <optional>
#include <vector>

#include "resources/envelope.h"
#include "resources/kind.h"
#include "resources/manifest.h"
#include "resources/problem.h"

namespace weir::resources {

/// The kind of workspaces, which every workspace-level resource needs.
inline constexpr std::string_view kWorkspaceType = "workspace";

/// A manifest on its way to become a resource: what it belongs to, brings with it and needs.
struct Declared {
  Manifest manifest;
  const Kind* kind = nullptr;
  std::optional<ResourceId> managed_by = {};
  std::vector<ResourceId> owns = {};
  std::vector<Dependency> needs = {};  ///< must exist for as long as it does
  std::vector<ResourceId> after = {};  ///< of the same apply, made before it
};

/// The manifests and all that they bring with them, what they bring first. A resource that is
/// declared twice is a problem that names both places.
std::vector<Declared> Declare(const EnvelopeReader& reader, std::vector<Manifest> manifests,
                              Problems& problems);

}  // namespace weir::resources
