#include "net/http_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace weir::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

constexpr std::array<bool, 256> MakeTokenTable() {
  std::array<bool, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) table[static_cast<unsigned char>(c)] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}
constexpr std::array<bool, 256> kIsTokenByte = MakeTokenTable();

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

Refusal Bad(std::string_view why) { return {400, Invalid("malformed HTTP: {}", why)}; }

std::optional<Refusal> ParseFieldLine(std::string_view line, Field& field) {
  if (line.starts_with(' ') || line.starts_with('\t')) return Bad("a header line is folded");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Bad("a header line has no colon");
  field = {line.substr(0, colon), Trim(line.substr(colon + 1))};
  if (!IsToken(field.name)) return Bad("a header name is no token");
  if (!IsFieldValue(field.value)) return Bad("a header value holds control characters");
  return std::nullopt;
}

std::optional<Refusal> ParseContentLength(std::string_view text, std::uint64_t& length) {
  constexpr std::size_t kDigits = 18;  // below 2^63
  if (text.empty() || text.size() > kDigits ||
      text.find_first_not_of("0123456789") != std::string_view::npos) {
    return Bad("Content-Length is no number");
  }
  std::from_chars(text.data(), text.data() + text.size(), length);
  return std::nullopt;
}

}  // namespace

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return Lower(x) == Lower(y); });
}

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return kIsTokenByte[static_cast<unsigned char>(c)];
  });
}

bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
  });
}

std::optional<std::string_view> FindField(const Fields& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (EqualsIgnoringCase(field.name, name)) return field.value;
  }
  return std::nullopt;
}

bool ListHolds(std::string_view value, std::string_view token) {
  while (!value.empty()) {
    const std::size_t comma = value.find(',');
    if (EqualsIgnoringCase(Trim(value.substr(0, comma)), token)) return true;
    if (comma == std::string_view::npos) return false;
    value.remove_prefix(comma + 1);
  }
  return false;
}

std::optional<Refusal> FindHeadEnd(std::string_view text, std::size_t& end) {
  end = 0;
  std::size_t line_start = 0;
  for (;;) {
    const std::size_t feed = text.find('\n', line_start);
    if (feed == std::string_view::npos) return std::nullopt;
    if (feed == line_start || text[feed - 1] != '\r') return Bad("a line ends without CR");
    if (feed - line_start == 1) {
      end = feed + 1;
      return std::nullopt;
    }
    line_start = feed + 1;
  }
}

std::optional<Refusal> ParseFields(std::string_view text, std::size_t max_fields, Fields& fields) {
  fields.clear();
  while (!text.empty()) {
    const std::size_t end = text.find(kLineEnd);
    if (end == std::string_view::npos) return Bad("a header line does not end");
    if (fields.size() == max_fields) {
      return Refusal{431, Exhausted("the request has more than {} header fields", max_fields)};
    }
    if (auto refusal = ParseFieldLine(text.substr(0, end), fields.emplace_back())) return refusal;
    text.remove_prefix(end + kLineEnd.size());
  }
  return std::nullopt;
}

std::optional<Refusal> ParseBodyLength(const Fields& fields, BodyLength& length) {
  length = {};
  for (const Field& field : fields) {
    if (EqualsIgnoringCase(field.name, "content-length")) {
      if (length.content_length) return Bad("Content-Length stands twice");
      std::uint64_t bytes = 0;
      if (auto refusal = ParseContentLength(field.value, bytes)) return refusal;
      length.content_length = bytes;
    } else if (EqualsIgnoringCase(field.name, "transfer-encoding")) {
      if (length.chunked) return Bad("Transfer-Encoding stands twice");
      if (!EqualsIgnoringCase(field.value, "chunked")) {
        return Refusal{501, Unimplemented("a transfer coding other than \"chunked\"")};
      }
      length.chunked = true;
    }
  }
  if (length.chunked && length.content_length) {
    return Bad("Content-Length and Transfer-Encoding stand together");
  }
  return std::nullopt;
}

}  // namespace weir::net
