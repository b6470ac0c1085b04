#pragma once

#include "base/result.h"

namespace weir::engine {

/// An error of the query of a transform, without the text of the statement that it came from, which
/// is ours and not what somebody wrote.
Error InQuery(Error error);

}  // namespace weir::engine
