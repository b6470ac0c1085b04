#pragma once

#include <vector>

#include "api/route.h"

namespace weir::api {

/// Every route of the API, by path and method. Made once, in server/wiring.cc, and by whatever
/// describes the API.
std::vector<Route> RouteTable();

}  // namespace weir::api
