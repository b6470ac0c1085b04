#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "api/text_shape.h"

/// JSON schemas of bodies, answers and parameters, written as calls:
/// `Object({Required("level", OneOf({"info", "debug"}), "How much to log.")})`.
///
/// What they make is JSON Schema 2020-12 in the few keywords that schema_check.h knows, so that the
/// same value checks a request and stands in the API document.
namespace weir::api::schema {

using Schema = boost::json::object;

struct TextLimits {
  std::size_t min = 0;
  std::size_t max = 256;  ///< in code points
  const TextShape* shape = nullptr;
};

Schema Text(const TextLimits& limits = {});
Schema OneOf(const std::vector<std::string_view>& values);
Schema Integer(std::int64_t min = 0, std::int64_t max = std::numeric_limits<std::int64_t>::max());
Schema Flag();
Schema Time();                                          ///< RFC 3339
Schema ListOf(Schema item, std::size_t max_items = 0);  ///< 0: as many as the body's limit lets in
Schema AnyObject();  ///< a JSON object whose keys are somebody else's business
Schema Anything();
Schema Ref(std::string_view name);  ///< of components.h

struct Field {
  std::string name;
  Schema schema;
  bool required;
};
Field Required(std::string_view name, Schema schema, std::string_view description);
Field Optional(std::string_view name, Schema schema, std::string_view description);

/// An object of exactly these fields: what comes in.
Schema Object(const std::vector<Field>& fields);

/// An object of these fields: what goes out. The document leaves it open, so that a client made
/// from it survives the next field; our own tests hold it closed.
Schema Record(const std::vector<Field>& fields);

/// `schema` with the value that stands in when none is given.
Schema WithDefault(Schema schema, boost::json::value value);

}  // namespace weir::api::schema
