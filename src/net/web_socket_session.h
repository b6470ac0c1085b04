#pragma once

#include <functional>
#include <string>

#include "net/http_connection_parts.h"
#include "net/web_socket.h"
#include "net/wire.h"

namespace weir::net {

/// Sends `response`, the upgrade's, and then serves the connection as a WebSocket: `call` runs on a
/// worker. Returns when both have ended. Only for sources of net/.
Awaitable<void> ServeWebSocket(Wire& wire, const HttpConnectionParts& parts, std::string response,
                               std::function<void(WebSocket&)> call);

}  // namespace weir::net
