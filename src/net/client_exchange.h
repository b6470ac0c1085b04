#pragma once

#include "net/client_connection.h"
#include "net/http_client.h"
#include "net/http_fields.h"

namespace weir::net {

/// The head of a response, with strings of its own.
struct ReceivedHead {
  int status = 0;
  HttpClient::Fields fields = {};
  BodyLength length = {};
  bool keep_alive = false;
};

/// kInvalid for a method, target or field that would not stand where it belongs.
Status CheckRequest(const HttpClient::Request& request);

bool IsIdempotent(std::string_view method);

/// The lines before a request's body.
std::string RenderRequestHead(const HttpClient::Request& request);

/// Waits for the head of a response: its lines, whole.
Result<std::string> ReadHeadText(ClientConnection& connection, const Context& context,
                                 std::size_t max_bytes);

/// Sends `request` on `connection` and reads the head of the final response. A server may answer,
/// and even close, before it has read the whole body. Only for sources of net/.
Result<ReceivedHead> Exchange(ClientConnection& connection, const Context& context,
                              HttpClient::Request& request, const HttpClientOptions& options);

}  // namespace weir::net
