#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "api/schema.h"

namespace weir::api {

/// Something wrong at a place in a JSON value.
struct Violation {
  std::string path;     ///< documents[0].text; empty for the whole value
  std::string message;  ///< what was found and what may stand there
  std::string hint = {};
};

/// What is wrong with `value` by `schema`, at most twenty things; empty when nothing is. A key that
/// the schema does not name is wrong unless it says `additionalProperties: true`. `components`
/// holds what a $ref names.
std::vector<Violation> Check(const boost::json::value& value, const schema::Schema& schema,
                             const boost::json::object& components);

}  // namespace weir::api
