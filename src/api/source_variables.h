#pragma once

#include <map>
#include <string>

#include "api/services.h"
#include "base/context.h"
#include "base/result.h"
#include "datasets/directory.h"

namespace weir::api {

/// The variables of a dataset with their values, those of secrets in clear: for its sources, and
/// never for output. None for a dataset that nobody has declared.
///
/// kNotFound names the variable and the secret or key that is not there.
Result<std::map<std::string, std::string>> SourceVariables(const Services& services,
                                                           const Context& context,
                                                           const datasets::DatasetEntry& entry);

}  // namespace weir::api
