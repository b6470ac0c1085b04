#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rng.h"
#include "net/http_head.h"

namespace weir::net {

/// A client's Sec-WebSocket-Key: 16 random bytes in base64.
std::string MakeWebSocketKey(Rng& rng);

/// What a server answers to `key` (RFC 6455, section 4.2.2), so that both know they mean it.
std::string WebSocketAcceptOf(std::string_view key);

/// The response to an upgrade request, whole; or why it is none this server takes.
struct WebSocketUpgrade {
  std::string response = {};
  std::optional<Refusal> refusal = {};
};
WebSocketUpgrade AnswerUpgrade(const RequestHead& head);

}  // namespace weir::net
