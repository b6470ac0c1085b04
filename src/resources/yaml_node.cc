#include "resources/yaml_node.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cstdlib>

namespace weir::resources {
namespace {

boost::json::value NumberOf(const YamlNode& node) {
  std::string_view digits = node.text;
  int base = 10;
  if (digits.starts_with("0o") || digits.starts_with("0x")) {
    base = digits[1] == 'o' ? 8 : 16;
    digits.remove_prefix(2);
  } else if (digits.starts_with('+')) {
    digits.remove_prefix(1);
  }
  const char* end = digits.data() + digits.size();
  std::int64_t number = 0;
  if (std::from_chars(digits.data(), end, number, base).ec == std::errc()) return number;
  std::uint64_t large = 0;
  if (std::from_chars(digits.data(), end, large, base).ec == std::errc()) return large;
  return std::strtod(node.text.c_str(), nullptr);
}

}  // namespace

const YamlNode::Member* YamlNode::FindMember(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member;
  }
  return nullptr;
}

const YamlNode* YamlNode::Find(std::string_view key) const {
  const Member* member = FindMember(key);
  return member == nullptr ? nullptr : &member->value;
}

std::string_view NameOf(YamlNode::Type type) {
  switch (type) {
    case YamlNode::Type::kNull:
      return "nothing";
    case YamlNode::Type::kBool:
      return "true or false";
    case YamlNode::Type::kInteger:
      return "a whole number";
    case YamlNode::Type::kFloat:
      return "a number";
    case YamlNode::Type::kText:
      return "text";
    case YamlNode::Type::kSequence:
      return "a list";
    case YamlNode::Type::kMapping:
      return "a mapping";
  }
  return "?";
}

// Recurses no deeper than the reader's limit let the tree grow.
boost::json::value ToJson(const YamlNode& node) {
  switch (node.type) {
    case YamlNode::Type::kNull:
      return nullptr;
    case YamlNode::Type::kBool:
      return node.text[0] == 't' || node.text[0] == 'T';
    case YamlNode::Type::kInteger:
      return NumberOf(node);
    case YamlNode::Type::kFloat:
      return std::strtod(node.text.c_str(), nullptr);
    case YamlNode::Type::kText:
      return boost::json::value(node.text);
    case YamlNode::Type::kSequence: {
      boost::json::array array;
      array.reserve(node.items.size());
      for (const YamlNode& item : node.items) array.push_back(ToJson(item));
      return array;
    }
    case YamlNode::Type::kMapping: {
      boost::json::object object;
      object.reserve(node.members.size());
      for (const YamlNode::Member& member : node.members) {
        object.emplace(member.key, ToJson(member.value));
      }
      return object;
    }
  }
  return nullptr;
}

}  // namespace weir::resources
