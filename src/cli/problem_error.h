#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace weir::cli {

/// The Error for an answer of status >= 400. Of a problem (RFC 9457) it has code, sentence and
/// hint; further lines, two spaces in, give the place of each thing that is wrong, and at the end
/// of it all the request id. What is no problem (some proxy's page) is told by its status.
Error ProblemError(int status, std::string_view body, std::string_view server);

}  // namespace weir::cli
