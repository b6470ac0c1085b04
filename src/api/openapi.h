#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "api/route.h"

namespace weir::api {

/// The OpenAPI 3.1 document of `routes`. `version` is the program's. Each operation carries its
/// action's name as `x-weir-action`.
boost::json::object OpenApiDocument(const std::vector<Route>& routes,
                                    const boost::json::object& components,
                                    std::string_view version);

}  // namespace weir::api
