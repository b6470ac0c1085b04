#pragma once

#include <optional>
#include <string_view>

#include "net/http_fields.h"

namespace weir::net {

/// The head of an HTTP/1.x request, as views into its text.
///
/// Beast's parser unfolds lines, lets equal Content-Lengths pass and takes a body of an unknown
/// coding for none; a proxy before us may read such a request differently. So we read heads
/// ourselves, and refuse what RFC 9112 lets a server refuse.
struct RequestHead {
  std::string_view method = {};
  std::string_view target = {};  ///< origin form: /path?query, visible ASCII without '#'
  int minor_version = 1;
  Fields fields = {};
  BodyLength length = {};

  // What the fields say of the connection.
  bool keep_alive = true;
  bool expects_continue = false;
  bool wants_web_socket = false;

  bool has_body() const { return length.chunked || length.content_length.value_or(0) > 0; }
  std::optional<std::string_view> Get(std::string_view name) const {
    return FindField(fields, name);
  }
};

/// Reads a complete head, its blank line included, into `head`, whose memory is used again.
std::optional<Refusal> ParseRequestHead(std::string_view text, std::size_t max_fields,
                                        RequestHead& head);

/// The head of an HTTP/1.x response, as views into its text.
struct ResponseHead {
  int status = 0;
  int minor_version = 1;
  Fields fields = {};
  BodyLength length = {};
  bool keep_alive = true;
};

/// As ParseRequestHead; a refusal means that the server does not speak HTTP/1.x properly.
std::optional<Refusal> ParseResponseHead(std::string_view text, std::size_t max_fields,
                                         ResponseHead& head);

}  // namespace weir::net
