#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/refusal.h"

namespace weir::net {

/// One header field, as views into the head it was read from; the value without blanks around it.
struct Field {
  std::string_view name;
  std::string_view value;
};

using Fields = std::vector<Field>;

/// Whether two names or tokens are the same but for the case of ASCII letters.
bool EqualsIgnoringCase(std::string_view a, std::string_view b);

/// RFC 9110 "token": what names, methods and codings are made of.
bool IsToken(std::string_view text);

/// Whether `text` may stand as a field value in a head: no line ends, no control characters.
bool IsFieldValue(std::string_view text);

/// The value of the first field of that name.
std::optional<std::string_view> FindField(const Fields& fields, std::string_view name);

/// Whether the comma-separated list `value` holds `token`, without case.
bool ListHolds(std::string_view value, std::string_view token);

/// Where the head at the start of `text` ends, its blank line included; 0 while it is incomplete.
/// A line that ends in a bare LF is refused at once: two readers may disagree on where it ends.
std::optional<Refusal> FindHeadEnd(std::string_view text, std::size_t& end);

/// Reads the lines of `text`, each ended by CRLF, into `fields`. Strict RFC 9112: folded lines,
/// blanks before the colon, control characters and more than `max_fields` lines are refused.
std::optional<Refusal> ParseFields(std::string_view text, std::size_t max_fields, Fields& fields);

/// How long a body is, as its head says: by Content-Length, in chunks, or not at all.
struct BodyLength {
  std::optional<std::uint64_t> content_length = {};
  bool chunked = false;
};

/// Refuses every shape that two readers could take for different lengths: both fields, one of them
/// twice, a list, a sign, another coding than "chunked".
std::optional<Refusal> ParseBodyLength(const Fields& fields, BodyLength& length);

}  // namespace weir::net
