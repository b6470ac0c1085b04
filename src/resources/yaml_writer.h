#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace weir::resources {

/// `value` as a YAML document in block style, keys in their order, two spaces a level, a line break
/// at the end. Reading it gives the same value: text that would read as anything else is quoted,
/// text of several lines is a block where that keeps it whole. Lists stand under their key with a
/// dash, as DataOS writes them.
std::string WriteYaml(const boost::json::value& value);

}  // namespace weir::resources
