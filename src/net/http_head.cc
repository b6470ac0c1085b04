#include "net/http_head.h"

#include <algorithm>

namespace weir::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

Refusal Bad(std::string_view why) { return {400, Invalid("malformed HTTP: {}", why)}; }

// "HTTP/1.0" or "HTTP/1.1".
std::optional<Refusal> ParseVersion(std::string_view text, int& minor) {
  constexpr std::string_view kPrefix = "HTTP/";
  if (text.size() != kPrefix.size() + 3 || !text.starts_with(kPrefix) || text[6] != '.') {
    return Bad("the request line names no HTTP version");
  }
  if (text[5] != '1' || (text[7] != '0' && text[7] != '1')) {
    return Refusal{505, Unimplemented("HTTP other than 1.0 and 1.1")};
  }
  minor = text[7] - '0';
  return std::nullopt;
}

bool IsTarget(std::string_view target) {
  return target.starts_with('/') && std::all_of(target.begin(), target.end(), [](char c) {
           return c > 0x20 && c < 0x7f && c != '#';
         });
}

std::optional<Refusal> ParseRequestLine(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return Bad("the request line is not METHOD TARGET VERSION");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  if (!IsToken(head.method)) return Bad("the method is no token");
  if (auto refusal = ParseVersion(line.substr(last + 1), head.minor_version)) return refusal;
  if (!IsTarget(head.target)) return Bad("the target is no path of this server");
  return std::nullopt;
}

bool IsHost(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return c > 0x20 && c < 0x7f && std::string_view("/?#@\\\"<>").find(c) == std::string_view::npos;
  });
}

std::optional<Refusal> CheckHost(const RequestHead& head) {
  std::size_t hosts = 0;
  for (const Field& field : head.fields) {
    if (!EqualsIgnoringCase(field.name, "host")) continue;
    if (++hosts > 1) return Bad("Host stands twice");
    if (!IsHost(field.value)) return Bad("Host is no name of a host");
  }
  if (hosts == 0 && head.minor_version == 1) return Bad("Host is missing");
  return std::nullopt;
}

bool KeepsAlive(int minor_version, const Fields& fields) {
  bool keep_alive = minor_version == 1;
  for (const Field& field : fields) {
    if (!EqualsIgnoringCase(field.name, "connection")) continue;
    if (ListHolds(field.value, "close")) return false;
    if (ListHolds(field.value, "keep-alive")) keep_alive = true;
  }
  return keep_alive;
}

bool WantsWebSocket(const RequestHead& head) {
  const auto upgrade = head.Get("upgrade");
  const auto connection = head.Get("connection");
  return upgrade && connection && head.method == "GET" && ListHolds(*upgrade, "websocket") &&
         ListHolds(*connection, "upgrade");
}

std::optional<Refusal> ReadConnectionFields(RequestHead& head) {
  head.keep_alive = KeepsAlive(head.minor_version, head.fields);
  head.wants_web_socket = WantsWebSocket(head);
  head.expects_continue = false;
  if (const auto expect = head.Get("expect"); expect && head.minor_version == 1) {
    if (!EqualsIgnoringCase(*expect, "100-continue")) {
      return Refusal{417, Unimplemented("an expectation other than 100-continue")};
    }
    head.expects_continue = head.has_body();
  }
  return std::nullopt;
}

// The lines after the first, without the blank one at the end.
std::string_view FieldLines(std::string_view text, std::size_t first_line_end) {
  text.remove_prefix(first_line_end + kLineEnd.size());
  text.remove_suffix(kLineEnd.size());
  return text;
}

}  // namespace

std::optional<Refusal> ParseRequestHead(std::string_view text, std::size_t max_fields,
                                        RequestHead& head) {
  const std::size_t line_end = text.find(kLineEnd);
  if (line_end == std::string_view::npos || text.size() < line_end + 2 * kLineEnd.size()) {
    return Bad("the head does not end");
  }
  if (auto refusal = ParseRequestLine(text.substr(0, line_end), head)) return refusal;
  const std::string_view lines = FieldLines(text, line_end);
  if (auto refusal = ParseFields(lines, max_fields, head.fields)) return refusal;
  if (auto refusal = CheckHost(head)) return refusal;
  if (auto refusal = ParseBodyLength(head.fields, head.length)) return refusal;
  if (head.length.chunked && head.minor_version == 0) {
    return Bad("HTTP/1.0 knows no Transfer-Encoding");
  }
  return ReadConnectionFields(head);
}

std::optional<Refusal> ParseResponseHead(std::string_view text, std::size_t max_fields,
                                         ResponseHead& head) {
  const std::size_t line_end = text.find(kLineEnd);
  if (line_end == std::string_view::npos || text.size() < line_end + 2 * kLineEnd.size()) {
    return Bad("the head does not end");
  }
  const std::string_view line = text.substr(0, line_end);  // HTTP/1.1 200 OK
  if (line.size() < 12 || line[8] != ' ' || (line.size() > 12 && line[12] != ' ')) {
    return Bad("no status line");
  }
  if (auto refusal = ParseVersion(line.substr(0, 8), head.minor_version)) return refusal;
  const std::string_view status = line.substr(9, 3);
  if (status.find_first_not_of("0123456789") != std::string_view::npos || status[0] == '0') {
    return Bad("the status is no number");
  }
  head.status = (status[0] - '0') * 100 + (status[1] - '0') * 10 + (status[2] - '0');
  if (auto refusal = ParseFields(FieldLines(text, line_end), max_fields, head.fields)) {
    return refusal;
  }
  head.keep_alive = KeepsAlive(head.minor_version, head.fields);
  return ParseBodyLength(head.fields, head.length);
}

}  // namespace weir::net
