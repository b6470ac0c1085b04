#pragma once

#include <string>

#include "api/headers.h"
#include "net/peer.h"

namespace weir::http {

/// The header lines of a response: the handler's, the request id, and the security headers that it
/// did not set itself. What belongs to the connection (Content-Length and the like) and what is no
/// valid field is left out, so no value can begin a line of its own.
std::string RenderFields(const api::Headers& headers, std::string_view request_id,
                         const net::Peer& peer);

}  // namespace weir::http
