#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string_view>

#include "base/result.h"
#include "contracts/check.h"

namespace weir::contracts {

/// A check as a manifest says it: `{name?, onFail?, notNull: [...]}`, with exactly one rule. A
/// check without a name is called after its rule: `notNull(id)`.
///
/// kInvalid says what is wrong in words for who wrote it: no rule or two, bounds that nothing lies
/// between, SQL that reads more than it may, a batch that can not be put aside. Whether a pattern
/// is one is for CheckPatterns.
Result<Check> CheckFromJson(const boost::json::object& json);
boost::json::object ToJson(const Check& check);

/// All of them; kInvalid names the place (`checks[2]: ...`), also of a name that is given twice.
Result<Contract> ContractFromJson(const boost::json::array& json);
boost::json::array ToJson(const Contract& contract);

/// kInvalid names the check whose pattern is no regular expression.
Status CheckPatterns(const Contract& contract);

/// `90s`, `15m`, `2h`, `3d` or `1w` as seconds; kInvalid for anything else, and for nothing.
Result<std::chrono::seconds> AgeFromText(std::string_view text);

}  // namespace weir::contracts
