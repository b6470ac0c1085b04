#pragma once

#include <memory>
#include <string>

#include "cli/client.h"
#include "net/http_client.h"

namespace weir::cli {

/// Talks HTTP to the server at `endpoint`. `name` is what messages call it; an empty token sends
/// none, as on a home's socket.
std::unique_ptr<Client> ConnectToServer(net::Endpoint endpoint, std::string name, std::string token,
                                        net::HttpClientOptions options);

}  // namespace weir::cli
