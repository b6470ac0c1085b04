#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::pipelines {

/// The engine's strptime pattern for a `dateFormat` or `timestampFormat` of a read step: empty for
/// `rfc3339`, a pattern with % as it stands, and the letters of Java's date patterns
/// (`dd/MM/yyyy HH:mm:ss`) translated. kInvalid names a letter that has no counterpart.
Result<std::string> TimeFormat(std::string_view pattern);

}  // namespace weir::pipelines
