#include "resources/yaml_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <string_view>

#include "resources/core_schema.h"

namespace weir::resources {
namespace {

namespace json = boost::json;

// Readers of YAML 1.1 take these for true, false, dates and numbers of base sixty.
bool IsOldYaml(std::string_view text) {
  constexpr std::string_view kWords[] = {"y", "n", "yes", "no", "on", "off"};
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (std::find(std::begin(kWords), std::end(kWords), lower) != std::end(kWords)) return true;
  const bool digit = text.front() >= '0' && text.front() <= '9';
  return digit && text.find_first_not_of("0123456789-:_.+TZtz ") == std::string_view::npos;
}

// JSON's quoting is YAML's double quoting, but for characters that YAML wants escaped: DEL, the C1
// controls and what an editor takes for a line break or a byte order mark.
std::string Quoted(std::string_view text) {
  const std::string quoted = json::serialize(json::string(text));
  std::string safe;
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    const std::string_view rest = std::string_view(quoted).substr(at);
    const auto byte = static_cast<unsigned char>(rest[0]);
    if (byte == 0x7F) {
      safe += "\\x7F";
    } else if (byte == 0xC2 && static_cast<unsigned char>(rest[1]) < 0xA0) {
      safe += fmt::format("\\x{:02X}", static_cast<unsigned char>(rest[1]));
      ++at;
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      safe += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      at += 2;
    } else if (rest.starts_with("\xEF\xBB\xBF")) {
      safe += "\\uFEFF";
      at += 2;
    } else if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      safe += rest[2] == '\xBE' ? "\\uFFFE" : "\\uFFFF";
      at += 2;
    } else {
      safe += rest[0];
    }
  }
  return safe;
}

// Text that needs no quotes reads as itself and as text, in a list, as a key and in flow style.
bool IsPlainSafe(std::string_view text) {
  if (text.empty() || TypeOfPlain(text) != YamlNode::Type::kText) return false;
  if (IsOldYaml(text) || text.starts_with("...")) return false;
  constexpr std::string_view kFirst = "-?:,[]{}#&*!|>'\"%@`. ";
  if (kFirst.find(text.front()) != std::string_view::npos || text.back() == ' ') return false;
  if (text.back() == ':' || text.starts_with("<<") || text.starts_with("=")) return false;
  if (Quoted(text).size() != text.size() + 2) return false;  // something is escaped in it
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == ',' || text[at] == '[' || text[at] == ']' || text[at] == '{' ||
        text[at] == '}') {
      return false;
    }
    if (text[at] == ':' && text[at + 1] == ' ') return false;
    if (text[at] == '#' && text[at - 1] == ' ') return false;
  }
  return true;
}

// A literal block keeps lines as they are, if they are printable, do not begin with a space (which
// would count as indentation) and end with exactly one line break.
bool IsBlockSafe(std::string_view text) {
  if (text.size() < 2 || text.back() != '\n' || text[text.size() - 2] == '\n') return false;
  if (text.front() == ' ' || text.front() == '\n' || text.front() == '\t') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\n' || (byte >= 0x20 && byte < 0x7F);
  });
}

std::string Key(std::string_view text) {
  return IsPlainSafe(text) && text.size() < 100 ? std::string(text) : Quoted(text);
}

class Writer {
 public:
  // `value` after a key or a dash that is already there.
  void Inline(const json::value& value, std::size_t indent);
  // `value` from the beginning of a line, or behind "- ".
  void Members(const json::object& object, std::size_t indent, bool first_is_indented);
  void Items(const json::array& array, std::size_t indent);
  void Scalar(const json::value& value, std::size_t indent);
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
};

void Writer::Scalar(const json::value& value, std::size_t indent) {
  if (!value.is_string()) {
    out_ += json::serialize(value) + "\n";
    return;
  }
  const std::string_view text(value.as_string());
  if (IsPlainSafe(text)) {
    out_ += text;
  } else if (IsBlockSafe(text)) {
    out_ += "|";
    bool begins = true;
    for (const char c : text.substr(0, text.size() - 1)) {
      if (begins) out_ += "\n" + (c == '\n' ? "" : std::string(indent, ' '));
      begins = c == '\n';
      if (!begins) out_ += c;
    }
  } else {
    out_ += Quoted(text);
  }
  out_ += "\n";
}

void Writer::Inline(const json::value& value, std::size_t indent) {
  if (value.is_object() && !value.as_object().empty()) {
    out_ += "\n";
    return Members(value.as_object(), indent + 2, false);
  }
  if (value.is_array() && !value.as_array().empty()) {
    out_ += "\n";
    return Items(value.as_array(), indent + 2);
  }
  out_ += " ";
  Scalar(value, indent + 2);
}

void Writer::Members(const json::object& object, std::size_t indent, bool first_is_indented) {
  for (const auto& member : object) {
    if (!first_is_indented) out_.append(indent, ' ');
    first_is_indented = false;
    const std::string key = Key(member.key());
    // A long quoted key would be no simple key: "? key" on its own line, then ": value".
    if (key.size() > 1000) out_ += "? " + key + "\n" + std::string(indent, ' ') + ":";
    if (key.size() <= 1000) out_ += key + ":";
    Inline(member.value(), indent);
  }
}

void Writer::Items(const json::array& array, std::size_t indent) {
  for (const json::value& item : array) {
    out_.append(indent, ' ');
    out_ += "-";
    if (item.is_object() && !item.as_object().empty()) {
      out_ += " ";
      Members(item.as_object(), indent + 2, true);
    } else {
      Inline(item, indent);
    }
  }
}

}  // namespace

std::string WriteYaml(const boost::json::value& value) {
  Writer writer;
  if (value.is_object() && !value.as_object().empty()) {
    writer.Members(value.as_object(), 0, false);
  } else if (value.is_array() && !value.as_array().empty()) {
    writer.Items(value.as_array(), 0);
  } else {
    writer.Scalar(value, 2);
  }
  return writer.Take();
}

}  // namespace weir::resources
