#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "base/result.h"
#include "resources/kind_registry.h"
#include "resources/resource_id.h"
#include "resources/value_sealer.h"

namespace weir::resources {

/// What stands for a secret in everything that is shown.
inline constexpr std::string_view kHidden = "****";

/// The three forms of a spec: clear in memory while it is applied, sealed where it is stored,
/// hidden where it is shown. Which values are secret stands in the schema of the kind (writeOnly)
/// and, for manifests inside a manifest, of theirs.
class SpecSecrets {
 public:
  /// Without a sealer, Seal refuses specs that hold a secret.
  SpecSecrets(const KindRegistry& registry, const ValueSealer* sealer)
      : registry_(registry), sealer_(sealer) {}

  /// Each secret becomes {"$sealed": text}.
  Status Seal(const ResourceId& id, boost::json::object& spec) const;
  /// Undoes Seal. kCorrupt for a sealed value that was changed or moved.
  Status Open(const ResourceId& id, boost::json::object& spec) const;
  /// Each secret, clear or sealed, becomes "****". A spec of an unknown kind becomes empty, since
  /// nobody can say what is secret in it.
  void Hide(const ResourceId& id, boost::json::object& spec) const;

 private:
  using Visit = std::function<Status(const std::string& pointer, boost::json::value& secret)>;
  Status ForEach(std::string_view type, const std::string& pointer, boost::json::object& spec,
                 const Visit& visit, int depth) const;

  const KindRegistry& registry_;
  const ValueSealer* const sealer_;
};

}  // namespace weir::resources
