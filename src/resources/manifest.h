#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "resources/problem.h"
#include "resources/resource_id.h"
#include "resources/yaml_node.h"

namespace weir::resources {

/// What a manifest's header says beside its identity (spec: docs/formats/manifest.md).
struct Header {
  std::string api_version = {};        ///< the key `version`: "v1"
  std::vector<std::string> tags = {};  ///< the user's own, without the system's
  std::string description = {};
  std::string owner = {};
  std::string layer = "user";  ///< or "system"

  bool operator==(const Header&) const = default;
};

/// A declared resource as a value: identity, header and the mapping named after its type, which
/// here is always `spec`. Where each key was written is kept for as long as the manifest is new.
struct Manifest {
  ResourceId id;
  Header header = {};
  boost::json::object spec = {};

  std::string source = {};                         ///< file name, "-" or "request"
  std::shared_ptr<const YamlNode> document = {};   ///< the whole manifest; null: not from a text
  std::shared_ptr<const YamlNode> spec_node = {};  ///< of `spec`

  /// Where the manifest begins.
  Place place() const;

  /// Where `pointer` (a JSON pointer into the spec: "/resources/0/id") was written, or the nearest
  /// thing above it that was.
  Place PlaceOf(std::string_view pointer) const;
};

/// Tags that the system shows on every resource and nobody has to write:
/// dataos:type:resource, dataos:resource:TYPE, dataos:layer:user, dataos:workspace:public.
std::vector<std::string> SystemTags(const ResourceId& id, const Header& header);
bool IsSystemTag(std::string_view tag);

/// The manifest as people write it: header keys, then the mapping named after the type.
boost::json::object ToJson(const ResourceId& id, const Header& header,
                           const boost::json::object& spec);

}  // namespace weir::resources
