#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace weir::resources {

/// The text under `key`; empty when it is not there, or is no text.
std::string TextAt(const boost::json::object& object, std::string_view key);

/// The list under `key`; an empty one when it is not there, or is no list.
const boost::json::array& ArrayAt(const boost::json::object& object, std::string_view key);

boost::json::array ArrayOf(const std::vector<std::string>& texts);

}  // namespace weir::resources
