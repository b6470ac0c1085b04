#pragma once

#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::resources {

/// One value of a YAML document and where it stands. A plain scalar has the type that YAML 1.2's
/// core schema gives it (so `no` is text), a quoted one is text.
struct YamlNode {
  enum class Type { kNull, kBool, kInteger, kFloat, kText, kSequence, kMapping };
  struct Member;

  Type type = Type::kNull;
  int line = 0;           ///< from 1
  int column = 0;         ///< from 1, in bytes
  std::string text = {};  ///< of a scalar, as written (quotes and escapes undone)
  std::vector<YamlNode> items = {};
  std::vector<Member> members;  ///< in the order written, keys unique

  const YamlNode* Find(std::string_view key) const;  ///< null: no such member, or no mapping
  const Member* FindMember(std::string_view key) const;

  bool is_scalar() const { return type != Type::kSequence && type != Type::kMapping; }
};

struct YamlNode::Member {
  std::string key;
  int line = 0;  ///< of the key
  int column = 0;
  YamlNode value;
};

/// "text", "a number", "a mapping": for sentences.
std::string_view NameOf(YamlNode::Type type);

/// The same value as JSON. Integers beyond 64 bits become doubles.
boost::json::value ToJson(const YamlNode& node);

}  // namespace weir::resources
