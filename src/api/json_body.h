#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"

namespace weir::api {

/// Reads a whole JSON text (RFC 8259, UTF-8, at most 64 levels deep). kInvalid names line and
/// column of what is wrong, and repeats none of the text.
Result<boost::json::value> ParseJson(std::string_view text);

}  // namespace weir::api
