#include "api/json_body.h"

#include <algorithm>
#include <boost/json/parser.hpp>

namespace weir::api {
namespace {

constexpr std::size_t kMaxDepth = 64;

Error Malformed(std::string_view text, std::size_t offset, const boost::system::error_code& why) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t last_break = before.rfind('\n');
  const std::size_t column =
      before.size() - (last_break == std::string_view::npos ? 0 : last_break + 1) + 1;
  return Invalid("the body is not JSON: {} at line {}, column {}", why.message(), line, column);
}

}  // namespace

Result<boost::json::value> ParseJson(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::parser parser({}, options);
  boost::system::error_code failed;
  const std::size_t read = parser.write_some(text.data(), text.size(), failed);
  if (failed) return Malformed(text, read, failed);
  // One value is all a body may hold; what follows it can only be white space.
  const std::size_t rest = text.find_first_not_of(" \t\r\n", read);
  if (rest != std::string_view::npos) {
    return Malformed(text, rest, boost::json::error::extra_data);
  }
  return parser.release();
}

}  // namespace weir::api
