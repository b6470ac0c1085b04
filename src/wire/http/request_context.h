#pragma once

#include "base/context.h"
#include "base/uuid.h"
#include "net/http_service.h"
#include "wire/http/http_door_options.h"

namespace weir::http {

/// The context a request is answered in: its id (the client's X-Request-Id when it is a sane one),
/// its trace (the client's traceparent with a span of ours, or a new one), its deadline
/// (Request-Timeout, in seconds, up to the longest allowed) and its cancellation. kInvalid for a
/// Request-Timeout that is no number of seconds above zero.
Result<Context> ContextOf(const net::HttpRequest& request, UuidMaker& ids,
                          const HttpDoorOptions& options);

/// For bytes that never became a request.
Context ContextOfRefusal(UuidMaker& ids);

}  // namespace weir::http
