#pragma once

#include <boost/json/object.hpp>

namespace weir::api {

/// The schemas that bodies and answers share, by name: what `schema::Ref` and a `$ref` of the API
/// document point to.
boost::json::object Components();

}  // namespace weir::api
