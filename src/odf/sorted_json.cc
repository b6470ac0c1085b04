#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cmath>
#include <vector>

#include "odf/json.h"

namespace weir::odf {
namespace {

namespace json = boost::json;

// Shortest digits that read back, always with a point or an exponent, so that it stays a double.
void AppendDouble(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number).ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void Append(std::string& out, const json::value& value);

void AppendObject(std::string& out, const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const auto& member : object) members.push_back(&member);
  std::sort(members.begin(), members.end(),
            [](const auto* a, const auto* b) { return a->key() < b->key(); });
  out += '{';
  for (const auto* member : members) {
    if (out.back() != '{') out += ',';
    out += json::serialize(json::string_view(member->key()));
    out += ':';
    Append(out, member->value());
  }
  out += '}';
}

void Append(std::string& out, const json::value& value) {
  if (value.is_object()) {
    AppendObject(out, value.get_object());
  } else if (value.is_array()) {
    out += '[';
    for (const json::value& element : value.get_array()) {
      if (out.back() != '[') out += ',';
      Append(out, element);
    }
    out += ']';
  } else if (value.is_double()) {
    AppendDouble(out, value.get_double());
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string SortedJson(const json::value& value) {
  std::string out;
  Append(out, value);
  return out;
}

}  // namespace weir::odf
