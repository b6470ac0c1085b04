#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"

namespace weir {

/// Reads a whole JSON text (RFC 8259, UTF-8) with every number exactly as it was written:
/// Boost.JSON 1.81's own parser may miss the last digit of a double with seventeen, and what is
/// written, read and written again would then differ. A number that no double holds is refused.
/// kInvalid names line and column of what is wrong, and repeats none of the text.
Result<boost::json::value> ParseJson(std::string_view text, std::size_t max_depth = 64);

}  // namespace weir
