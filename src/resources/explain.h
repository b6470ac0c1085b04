#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "resources/kind_registry.h"

namespace weir::resources {

/// One key of a mapping, for a table.
struct ExplainedField {
  std::string name;  ///< "*" for keys of the user's choice
  std::string type;  ///< "text", "list of mappings"
  std::string description = {};
  bool required = false;
};

/// What a manifest may hold at one place.
struct Explanation {
  std::string path;  ///< "secret.data"
  std::string type;
  std::string description = {};
  std::string fallback = {};              ///< the default, as JSON; empty: none
  std::vector<std::string> allowed = {};  ///< the values of an enum
  std::vector<std::string> examples = {};
  std::vector<std::string> limits = {};  ///< "at least 1", "at most 48 characters"
  bool required = false;
  bool secret = false;
  std::vector<ExplainedField> fields = {};  ///< of a mapping, or of a list's items
};

/// `weir explain KIND[.path]`: the header of the kind's manifest for the kind alone, then along the
/// keys ("bundle.bundle.resources" or, shorter, "bundle.resources"; lists are stepped into without
/// a word). kInvalid or kNotFound names the nearest.
Result<Explanation> Explain(const KindRegistry& registry, std::string_view path);

boost::json::object ToJson(const Explanation& explanation);

/// One line of `weir get --types`.
struct TypeLine {
  std::string type;
  std::string description;
  std::vector<std::string> versions;
  bool in_workspace = false;
  bool here = true;  ///< false: DataOS has it, and we do not yet
};

/// The kinds that are here, then those that are not yet, each by name.
std::vector<TypeLine> ListTypes(const KindRegistry& registry);

}  // namespace weir::resources
