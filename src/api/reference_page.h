#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "api/route.h"

namespace weir::api {

/// docs/reference/api.md: every route with its action, parameters, body and answers, and the shapes
/// they name. A test holds the committed page equal to this.
std::string ReferencePage(const std::vector<Route>& routes, const boost::json::object& components);

}  // namespace weir::api
