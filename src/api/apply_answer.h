#pragma once

#include <boost/json/object.hpp>

#include "resources/apply_request.h"

namespace weir::api {

/// The shape `Changes` of the API document.
boost::json::object ToJson(const resources::ApplyAnswer& answer);

}  // namespace weir::api
