#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <variant>

#include "base/result.h"

namespace weir::datasets {

/// A value of a `secret` of the dataset's own workspace.
struct SecretReference {
  std::string secret = {};
  std::string key = {};  ///< in its `data` or `files`

  bool operator==(const SecretReference&) const = default;
};

/// What `${{ env.NAME }}` in a dataset's sources stands for, by NAME: a text, or a secret's value.
/// They are the home's and no part of the chain, so others who have the chain fill in their own,
/// and changing one changes no block.
using DatasetVariables = std::map<std::string, std::variant<std::string, SecretReference>>;

/// Reads what has passed the schema. kInvalid names the variable that is none.
Result<DatasetVariables> DatasetVariablesFromJson(const boost::json::object& json);
boost::json::object ToJson(const DatasetVariables& variables);

}  // namespace weir::datasets
