#pragma once

#include <stop_token>

#include "net/http_connection_parts.h"
#include "net/wire.h"

namespace weir::net {

/// What of the request decides how its answer is written.
struct ReplyShape {
  bool head_only = false;
  int minor_version = 1;
  bool keep_alive = false;
};

/// What became of a response, and so what follows on its connection.
enum class Written {
  kGoOn,    ///< the next request
  kLast,    ///< it went well, and the client knows that it is the last
  kBroken,  ///< the client has not got all of it, and must see that
};

/// Writes `response` and tells its observer. `cancel` is asked to stop when the client leaves
/// before the end. Only for sources of net/.
Awaitable<Written> WriteResponse(Wire& wire, const HttpConnectionParts& parts,
                                 HttpResponse& response, const ReplyShape& shape,
                                 const std::stop_source& cancel);

}  // namespace weir::net
