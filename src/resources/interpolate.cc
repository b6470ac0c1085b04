#include "resources/interpolate.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "resources/core_schema.h"
#include "resources/line_parts.h"

namespace weir::resources {
namespace {

using Part = LineParts::Part;

bool IsAlpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsAlnum(char c) { return IsAlpha(c) || (c >= '0' && c <= '9'); }

// What a dollar sign begins: "$$", "$NAME" or "${NAME}".
struct Reference {
  std::string_view name;
  std::size_t length = 0;  // in the text; 0: it is a character like any other
};

Reference ReadReference(std::string_view text) {
  if (text.size() < 2) return {};
  if (text[1] == '$') return {.name = "$", .length = 2};
  const std::size_t first = text[1] == '{' ? 2 : 1;
  if (first >= text.size() || !IsAlpha(text[first])) return {};
  const auto* const end = std::find_if_not(text.begin() + first, text.end(), IsAlnum);
  const auto length = static_cast<std::size_t>(end - text.begin());
  const std::string_view name = text.substr(first, length - first);
  if (first == 1) return {.name = name, .length = length};
  if (end == text.end() || *end != '}') return {};
  return {.name = name, .length = length + 1};
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7F;
}

bool HasControl(std::string_view value) {
  return std::any_of(value.begin(), value.end(), IsControl);
}

std::string Escaped(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (IsControl(c)) {
      escaped += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    } else {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

// Characters that mean themselves in the middle of a plain scalar, wherever it stands.
bool IsHarmless(char c) {
  constexpr std::string_view kOthers = "./@%+=~-:";
  return IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80 ||
         kOthers.find(c) != std::string_view::npos;
}

bool IsHarmlessFirst(char c) {
  return IsAlnum(c) || c == '.' || c == '/' || c == '+' || static_cast<unsigned char>(c) >= 0x80;
}

// Whether a plain scalar may hold it: as its whole (it then also keeps its type, so that a port is
// a number), at its beginning, or further inside.
bool FitsPlain(std::string_view value, bool at_begin, bool whole) {
  if (value.empty()) return !whole;
  if (whole && TypeOfPlain(value) == YamlNode::Type::kNull) return false;
  const bool number = value.size() > 1 && value[0] == '-' && IsAlnum(value[1]);
  if (at_begin && !IsHarmlessFirst(value.front()) && !number) return false;
  if (value.starts_with("...") || value.back() == ':' || value.back() == ' ') return false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const bool inner_space = value[at] == ' ' && at > 0 && value[at - 1] != ':';
    if (!IsHarmless(value[at]) && !inner_space) return false;
  }
  return true;
}

// A scalar begins at `at`: nothing but structure stands before it.
bool BeginsScalar(std::string_view line, std::size_t at) {
  const auto last = line.substr(0, at).find_last_not_of(" \t");
  if (last == std::string_view::npos) return true;
  const char c = line[last];
  if (c == '[' || c == '{' || c == ',') return true;
  return last + 1 < at && (c == ':' || c == '-' || c == '?');
}

bool EndsScalar(std::string_view line, std::size_t at) {
  const std::string_view rest = line.substr(at);
  const auto next = rest.find_first_not_of(" \t\r");
  if (next == std::string_view::npos) return true;
  return rest[next] == ',' || rest[next] == ']' || rest[next] == '}' ||
         (rest[next] == '#' && next > 0);
}

class Interpolation {
 public:
  Interpolation(std::string_view source, const Environment& environment, Problems& problems)
      : source_(source), environment_(environment), problems_(problems) {}

  void Line(std::string_view line);
  void EndLine() { out_ += '\n'; }
  std::string Take() { return std::move(out_); }

 private:
  // A reference in its line.
  struct Spot {
    std::string_view line;
    std::size_t at;
    Reference reference;
  };

  void Fill(const Spot& spot, Part part);
  void Put(const Spot& spot, Part part, std::string_view value);
  void PutPlain(const Spot& spot, std::string_view value);
  void PutBlock(const Spot& spot, std::string_view value);
  void Report(const Spot& spot, std::string message, std::string hint);

  const std::string source_;
  const Environment& environment_;
  Problems& problems_;
  LineParts parts_;
  std::string out_;
  int line_ = 0;
};

void Interpolation::Line(std::string_view line) {
  ++line_;
  const std::vector<Part> parts = parts_.Of(line);
  for (std::size_t at = 0; at < line.size();) {
    const Reference reference = line[at] == '$' && parts[at] != Part::kComment
                                    ? ReadReference(line.substr(at))
                                    : Reference{};
    if (reference.length == 0) {
      out_ += line[at++];
      continue;
    }
    Fill({line, at, reference}, parts[at]);
    at += reference.length;
  }
}

void Interpolation::Fill(const Spot& spot, Part part) {
  if (spot.reference.name == "$") {
    out_ += '$';
    return;
  }
  const auto value = environment_(spot.reference.name);
  if (!value) {
    return Report(spot, fmt::format("the variable {} is not set", spot.reference.name),
                  "set it, or write $$ for a dollar sign");
  }
  Put(spot, part, *value);
}

void Interpolation::Put(const Spot& spot, Part part, std::string_view value) {
  switch (part) {
    case Part::kDoubleQuoted:
      out_ += Escaped(value);
      return;
    case Part::kSingleQuoted:
      if (HasControl(value)) break;
      for (const char c : value) out_ += c == '\'' ? std::string("''") : std::string(1, c);
      return;
    case Part::kBlock:
      return PutBlock(spot, value);
    case Part::kPlain:
      return PutPlain(spot, value);
    case Part::kComment:
      return;
  }
  Report(spot,
         fmt::format("the variable {} holds what a single-quoted text cannot", spot.reference.name),
         "use double quotes");
}

void Interpolation::PutPlain(const Spot& spot, std::string_view value) {
  const bool begins = BeginsScalar(spot.line, spot.at);
  const bool whole = begins && EndsScalar(spot.line, spot.at + spot.reference.length);
  if (FitsPlain(value, begins, whole)) {
    out_ += value;
  } else if (whole) {
    out_ += fmt::format("\"{}\"", Escaped(value));
  } else {
    Report(spot,
           fmt::format("the variable {} holds characters that mean something else here",
                       spot.reference.name),
           "put the whole text in double quotes");
  }
}

// Further lines of the value are indented like the line they begin in.
void Interpolation::PutBlock(const Spot& spot, std::string_view value) {
  const std::size_t indent = std::min(spot.line.find_first_not_of(' '), spot.line.size());
  for (const char c : value) {
    if (IsControl(c) && c != '\n') {
      return Report(
          spot,
          fmt::format("the variable {} holds what a block of text cannot", spot.reference.name),
          "use double quotes");
    }
    out_ += c;
    if (c == '\n') out_.append(indent, ' ');
  }
}

void Interpolation::Report(const Spot& spot, std::string message, std::string hint) {
  problems_.Add({.source = source_, .line = line_, .column = static_cast<int>(spot.at) + 1},
                std::move(message), std::move(hint));
}

}  // namespace

std::optional<std::string> Interpolate(std::string_view source, std::string_view text,
                                       const Environment& environment, Problems& problems) {
  const std::size_t before = problems.total();
  Interpolation interpolation(source, environment, problems);
  for (;;) {
    const auto end = text.find('\n');
    interpolation.Line(text.substr(0, end));
    if (end == std::string_view::npos) break;
    interpolation.EndLine();
    text.remove_prefix(end + 1);
  }
  if (problems.total() != before) return std::nullopt;
  return interpolation.Take();
}

}  // namespace weir::resources
