#include "wire/http/response_head.h"

#include <algorithm>
#include <array>

#include "net/http_fields.h"

namespace weir::http {
namespace {

using net::EqualsIgnoringCase;

// The server writes these itself.
constexpr std::array<std::string_view, 6> kOfConnection = {
    "connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"};

struct Default {
  std::string_view name;
  std::string_view value;
};

// A page of ours loads from this server alone and stands in nobody's frame. An answer is kept by no
// cache between us and the client, since a credential was needed for it.
constexpr std::array<Default, 7> kDefaults = {{
    {"Cache-Control", "private, no-cache"},
    {"Content-Security-Policy",
     "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
     "object-src 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
}};
constexpr Default kOverTls = {"Strict-Transport-Security", "max-age=31536000"};

void AppendLine(std::string& lines, std::string_view name, std::string_view value) {
  lines += name;
  lines += ": ";
  lines += value;
  lines += "\r\n";
}

bool MaySend(const api::Headers::Field& field) {
  const bool is_ours =
      std::any_of(kOfConnection.begin(), kOfConnection.end(),
                  [&](std::string_view name) { return EqualsIgnoringCase(name, field.first); });
  return !is_ours && net::IsToken(field.first) && net::IsFieldValue(field.second);
}

}  // namespace

std::string RenderFields(const api::Headers& headers, std::string_view request_id,
                         const net::Peer& peer) {
  std::string lines;
  lines.reserve(768);
  for (const api::Headers::Field& field : headers.fields()) {
    if (MaySend(field)) AppendLine(lines, field.first, field.second);
  }
  for (const Default& fallback : kDefaults) {
    if (!headers.Get(fallback.name)) AppendLine(lines, fallback.name, fallback.value);
  }
  if (peer.has_tls) AppendLine(lines, kOverTls.name, kOverTls.value);
  AppendLine(lines, "X-Request-Id", request_id);
  return lines;
}

}  // namespace weir::http
