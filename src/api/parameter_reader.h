#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <utility>
#include <vector>

#include "api/route.h"
#include "api/schema_check.h"

namespace weir::api {

/// What a request carries beside its body, as JSON by the route's parameters: texts read as the
/// types their schemas ask for, defaults filled in, repeatable ones as lists.
struct ReadParameters {
  boost::json::object values;
  std::vector<Violation> violations;  ///< unknown, repeated, missing or ill-typed ones
};

ReadParameters Read(const Route& route, const Request& request,
                    const std::vector<std::pair<std::string, std::string>>& captures);

}  // namespace weir::api
