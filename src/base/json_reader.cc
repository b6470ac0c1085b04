#include "base/json_reader.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

namespace weir {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

// Builds a value from the parser's calls; a double is read again from its digits. The names are
// those that boost::json::basic_parser calls.
struct Handler {
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();

  json::value_stack stack = {};
  std::string digits = {};

  bool on_document_begin(error_code& /*failed*/) {
    stack.reset();
    return true;
  }
  bool on_document_end(error_code& /*failed*/) { return true; }
  bool on_object_begin(error_code& /*failed*/) { return true; }
  bool on_object_end(std::size_t count, error_code& /*failed*/) {
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(error_code& /*failed*/) { return true; }
  bool on_array_end(std::size_t count, error_code& /*failed*/) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(string_view part, std::size_t /*count*/, error_code& /*failed*/) {
    stack.push_chars(part);
    return true;
  }
  bool on_key(string_view part, std::size_t /*count*/, error_code& /*failed*/) {
    stack.push_key(part);
    return true;
  }
  bool on_string_part(string_view part, std::size_t /*count*/, error_code& /*failed*/) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(string_view part, std::size_t /*count*/, error_code& /*failed*/) {
    stack.push_string(part);
    return true;
  }
  bool on_number_part(string_view part, error_code& /*failed*/) {
    digits += part;
    return true;
  }
  bool on_int64(std::int64_t number, string_view /*part*/, error_code& /*failed*/) {
    digits.clear();
    stack.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, string_view /*part*/, error_code& /*failed*/) {
    digits.clear();
    stack.push_uint64(number);
    return true;
  }
  bool on_double(double /*near*/, string_view part, error_code& failed) {
    digits += part;
    const double number = std::strtod(digits.c_str(), nullptr);
    digits.clear();
    if (!std::isfinite(number)) {
      failed = json::error::exponent_overflow;
      return false;
    }
    stack.push_double(number);
    return true;
  }
  bool on_bool(bool value, error_code& /*failed*/) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(error_code& /*failed*/) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(string_view /*part*/, error_code& /*failed*/) { return true; }
  bool on_comment(string_view /*part*/, error_code& /*failed*/) { return true; }
};

Error Malformed(std::string_view text, std::size_t offset, const error_code& why) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t last_break = before.rfind('\n');
  const std::size_t column =
      before.size() - (last_break == std::string_view::npos ? 0 : last_break + 1) + 1;
  return Invalid("not JSON: {} at line {}, column {}", why.message(), line, column);
}

}  // namespace

Result<json::value> ParseJson(std::string_view text, std::size_t max_depth) {
  json::parse_options options;
  options.max_depth = max_depth;
  json::basic_parser<Handler> parser(options);
  error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && !parser.done()) failed = json::error::incomplete;
  if (!failed && read != text.size()) failed = json::error::extra_data;
  if (failed) return Malformed(text, read, failed);
  return parser.handler().stack.release();
}

}  // namespace weir
