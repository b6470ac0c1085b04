#include "api/call.h"

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

namespace weir::api {

std::optional<std::string> TextIn(const boost::json::object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return std::string(std::string_view(value->as_string()));
}

std::optional<std::int64_t> IntegerIn(const boost::json::object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  if (value == nullptr) return std::nullopt;
  return value->to_number<std::int64_t>();
}

bool FlagIn(const boost::json::object& json, std::string_view name) {
  const auto* value = json.if_contains(name);
  return value != nullptr && value->as_bool();
}

std::optional<std::string> Call::Text(std::string_view name) const {
  return TextIn(parameters, name);
}

std::optional<std::int64_t> Call::Integer(std::string_view name) const {
  return IntegerIn(parameters, name);
}

bool Call::Flag(std::string_view name) const { return FlagIn(parameters, name); }

std::vector<std::string> Call::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  if (const auto* list = parameters.if_contains(name)) {
    for (const boost::json::value& text : list->as_array()) {
      texts.emplace_back(std::string_view(text.as_string()));
    }
  }
  return texts;
}

}  // namespace weir::api
