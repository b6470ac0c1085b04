#pragma once

#include <boost/json/fwd.hpp>
#include <string>

namespace weir::cli {

/// JSON with an indent of two spaces, without a line end after it.
std::string PrettyJson(const boost::json::value& value);

/// JSON on one line.
std::string CompactJson(const boost::json::value& value);

}  // namespace weir::cli
