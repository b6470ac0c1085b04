#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"
#include "contracts/check.h"

namespace weir::contracts {

/// The rule that a manifest gives under the key `kind`, as KindOf says it; kInvalid in the words of
/// who wrote it, without the place.
Result<Rule> RuleFromJson(std::string_view kind, const boost::json::value& json);
boost::json::value ToJson(const Rule& rule);

}  // namespace weir::contracts
