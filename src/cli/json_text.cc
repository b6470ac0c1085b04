#include "cli/json_text.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace weir::cli {
namespace {

namespace json = boost::json;

void AppendPretty(std::string& out, const json::value& value, std::size_t depth);

// A number so that it reads as the sort of number it is: 1.5, 2.0, 7.
std::string NumberText(const json::value& number) {
  if (!number.is_double()) return json::serialize(number);
  std::string text = fmt::format("{}", number.get_double());
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

template <typename Range, typename AppendOne>
void AppendBlock(std::string& out, char open, char close, const Range& range, std::size_t depth,
                 AppendOne append_one) {
  if (range.empty()) {
    out += open;
    out += close;
    return;
  }
  const std::string indent(2 * (depth + 1), ' ');
  out += open;
  bool first = true;
  for (const auto& one : range) {
    out += first ? "\n" : ",\n";
    out += indent;
    append_one(one);
    first = false;
  }
  out += "\n" + std::string(2 * depth, ' ') + close;
}

void AppendPretty(std::string& out, const json::value& value, std::size_t depth) {
  if (value.is_object()) {
    AppendBlock(out, '{', '}', value.get_object(), depth, [&](const json::key_value_pair& member) {
      out += json::serialize(member.key());
      out += ": ";
      AppendPretty(out, member.value(), depth + 1);
    });
  } else if (value.is_array()) {
    AppendBlock(out, '[', ']', value.get_array(), depth,
                [&](const json::value& item) { AppendPretty(out, item, depth + 1); });
  } else {
    out += value.is_number() ? NumberText(value) : json::serialize(value);
  }
}

void AppendCompact(std::string& out, const json::value& value) {
  if (const auto* object = value.if_object()) {
    out += '{';
    for (const auto& member : *object) {
      if (out.back() != '{') out += ',';
      out += json::serialize(member.key()) + ':';
      AppendCompact(out, member.value());
    }
    out += '}';
  } else if (const auto* array = value.if_array()) {
    out += '[';
    for (const json::value& item : *array) {
      if (&item != array->begin()) out += ',';
      AppendCompact(out, item);
    }
    out += ']';
  } else {
    out += value.is_number() ? NumberText(value) : json::serialize(value);
  }
}

}  // namespace

std::string PrettyJson(const json::value& value) {
  std::string out;
  AppendPretty(out, value, 0);
  return out;
}

std::string CompactJson(const json::value& value) {
  std::string out;
  AppendCompact(out, value);
  return out;
}

}  // namespace weir::cli
