#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/request.h"
#include "base/context.h"

namespace weir::api {

/// A request that its route allows, as the handler sees it: parameters and body have been checked
/// against the table, defaults are filled in, and the principal in the context is who asks. Lives
/// while the handler runs.
struct Call {
  const Context& context;
  const Request& request;
  boost::json::object parameters = {};  ///< of the path, the query and the headers, by their names
  boost::json::object body = {};

  /// The parameter of that name; nullopt when it was not given and has no default.
  std::optional<std::string> Text(std::string_view name) const;
  std::optional<std::int64_t> Integer(std::string_view name) const;
  std::vector<std::string> Texts(std::string_view name) const;  ///< of a repeatable parameter
  bool Flag(std::string_view name) const;                       ///< false when it was not given
};

/// The value under `name`; nullopt when it is absent. For values that a schema has let through.
std::optional<std::string> TextIn(const boost::json::object& json, std::string_view name);
std::optional<std::int64_t> IntegerIn(const boost::json::object& json, std::string_view name);
bool FlagIn(const boost::json::object& json, std::string_view name);

}  // namespace weir::api
