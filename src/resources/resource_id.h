#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::resources {

/// Which resource: its kind, its workspace (empty for kinds that belong to the whole instance) and
/// its name. The version of the manifest's format (`v1`) is no part of the identity.
struct ResourceId {
  std::string type;
  std::string workspace;
  std::string name;

  /// For sentences: "secret db in workspace public", "bundle hello".
  std::string ToString() const;

  auto operator<=>(const ResourceId&) const = default;
};

/// An id as people write it, with the format version where they gave one.
struct WrittenId {
  ResourceId id;
  std::string api_version = {};  ///< "v1"; empty when not given
};

/// Reads `type:version:name:workspace` (the workspace may be left out), `name | version | type |
/// workspace` and `type/name`. A missing workspace stays empty: the caller knows the default and
/// whether the kind has one. kInvalid otherwise.
Result<WrittenId> ParseResourceId(std::string_view text);

/// `type:version:name:workspace`, without the last part for instance-level resources.
std::string FormatResourceId(const ResourceId& id, std::string_view api_version);

struct ResourceIdHash {
  std::size_t operator()(const ResourceId& id) const;
};

}  // namespace weir::resources
