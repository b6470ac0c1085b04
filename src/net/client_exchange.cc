#include "net/client_exchange.h"

#include <array>
#include <vector>

#include "net/chunked.h"
#include "net/http_head.h"
#include "net/status_line.h"

namespace weir::net {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

bool BelongsToClient(std::string_view name) {
  return EqualsIgnoringCase(name, "host") || EqualsIgnoringCase(name, "content-length") ||
         EqualsIgnoringCase(name, "transfer-encoding");
}

// `has_failed`: the body itself could not be had whole, so that there is nothing to wait for.
Status SendBody(ClientConnection& connection, const Context& context, ByteSource& body,
                bool& has_failed) {
  has_failed = true;
  const std::optional<std::uint64_t> size = body.Size();
  std::vector<std::byte> buffer(kPieceBytes);
  std::uint64_t sent = 0;
  for (;;) {
    ASSIGN_OR_RETURN(const std::size_t count, body.Read(buffer));
    if (count == 0) break;
    sent += count;
    if (size && sent > *size) break;
    const std::string_view piece = AsText(std::span(buffer).first(count));
    Status written = size
                         ? connection.Write(context, piece)
                         : connection.Write(context, ChunkHead(count).append(piece).append("\r\n"));
    if (!written) {
      has_failed = false;
      return written;
    }
  }
  if (size && sent != *size) return Internal("a request body is not as long as it said");
  has_failed = false;
  return size ? Ok() : connection.Write(context, kLastChunk);
}

}  // namespace

std::string RenderRequestHead(const HttpClient::Request& request) {
  std::string head = request.method + ' ' + request.url.target +
                     " HTTP/1.1\r\nHost: " + request.url.endpoint.Host() + "\r\n";
  for (const auto& [name, value] : request.fields) {
    if (!BelongsToClient(name)) head += name + ": " + value + "\r\n";
  }
  const bool expects_body =
      request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (request.body == nullptr) {
    if (expects_body) head += "Content-Length: 0\r\n";
  } else if (const auto size = request.body->Size()) {
    head += "Content-Length: " + std::to_string(*size) + "\r\n";
  } else {
    head += "Transfer-Encoding: chunked\r\n";
  }
  return head + "\r\n";
}

Result<std::string> ReadHeadText(ClientConnection& connection, const Context& context,
                                 std::size_t max_bytes) {
  for (;;) {
    std::size_t end = 0;
    if (const auto refusal = FindHeadEnd(connection.input().data(), end)) return refusal->error;
    if (end > 0) {
      std::string text(connection.input().data().substr(0, end));
      connection.input().Consume(end);
      return text;
    }
    if (connection.input().size() > max_bytes) {
      return Exhausted("the head of a response is larger than {} bytes", max_bytes);
    }
    ASSIGN_OR_RETURN(const bool more, connection.Fill(context));
    if (!more) return Unavailable("read a response: the server has closed");
  }
}

Status CheckRequest(const HttpClient::Request& request) {
  if (!IsToken(request.method)) return Invalid("HTTP method \"{}\"", request.method);
  for (const char c : request.url.target) {
    if (c <= 0x20 || c >= 0x7f) return Invalid("a request target holds blanks or raw bytes");
  }
  for (const auto& [name, value] : request.fields) {
    if (!IsToken(name) || !IsFieldValue(value)) return Invalid("header field \"{}\"", name);
  }
  return Ok();
}

bool IsIdempotent(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         method == "OPTIONS";
}

Result<ReceivedHead> Exchange(ClientConnection& connection, const Context& context,
                              HttpClient::Request& request, const HttpClientOptions& options) {
  Status sent = connection.Write(context, RenderRequestHead(request));
  bool has_failed = false;
  if (sent && request.body != nullptr) {
    sent = SendBody(connection, context, *request.body, has_failed);
  }
  if (has_failed) return std::move(sent).error();
  if (!sent && sent.error().code != ErrorCode::kUnavailable) return std::move(sent).error();
  for (;;) {
    Result<std::string> text = ReadHeadText(connection, context, options.max_head_bytes);
    if (!text) return sent ? std::move(text).error() : std::move(sent).error();
    ResponseHead head;
    if (const auto refusal = ParseResponseHead(*text, options.max_fields, head)) {
      return refusal->error;
    }
    if (head.status == 101) return Invalid("the server switched protocols without being asked");
    if (head.status < 200) continue;
    ReceivedHead received{.status = head.status, .length = head.length};
    for (const Field& field : head.fields) received.fields.emplace_back(field.name, field.value);
    received.keep_alive = head.keep_alive && sent.has_value();
    if (IsBodyless(head.status) || request.method == "HEAD") {
      received.length = {.content_length = 0};
    } else if (!head.length.chunked && !head.length.content_length) {
      received.keep_alive = false;  // the body ends with the connection
    }
    return received;
  }
}

}  // namespace weir::net
