#pragma once

#include "api/problem.h"
#include "resources/problem.h"

namespace weir::api {

/// Why manifests were refused: `error` is the sentence, `found` each thing that is wrong with its
/// place. `found` may be empty.
Problem ToProblem(Error error, const resources::Problems& found);

/// One of them.
ProblemDetail ToDetail(const resources::Problem& item);

}  // namespace weir::api
