#include "resources/json_fields.h"

namespace weir::resources {

std::string TextAt(const boost::json::object& object, std::string_view key) {
  const boost::json::value* value = object.if_contains(key);
  return value == nullptr || !value->is_string() ? "" : std::string(value->as_string());
}

const boost::json::array& ArrayAt(const boost::json::object& object, std::string_view key) {
  static const boost::json::array none;
  const boost::json::value* value = object.if_contains(key);
  return value == nullptr || !value->is_array() ? none : value->as_array();
}

boost::json::array ArrayOf(const std::vector<std::string>& texts) {
  boost::json::array array;
  array.reserve(texts.size());
  for (const std::string& text : texts) array.emplace_back(boost::json::string(text));
  return array;
}

}  // namespace weir::resources
