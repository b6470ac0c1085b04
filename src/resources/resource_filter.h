#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resources/manifest.h"
#include "resources/resource_id.h"

namespace weir::resources {

/// Which resources: those for which all that is given holds.
struct ResourceFilter {
  std::string type = {};                      ///< empty: every kind
  std::optional<std::string> workspace = {};  ///< instance-level resources have none and match
  std::string name_pattern = {};              ///< with * and ?; empty: every name
  std::string owner = {};                     ///< empty: anybody's
  std::vector<std::string> tags = {};         ///< each must be there, the system's included

  bool Matches(const ResourceId& id) const;  ///< as far as the id tells
  bool Matches(const ResourceId& id, const Header& header) const;
};

/// Whether `text` is of the form of `pattern`, in which * stands for any characters and ? for one.
/// Takes time in proportion to both lengths multiplied.
bool MatchesPattern(std::string_view pattern, std::string_view text);

}  // namespace weir::resources
